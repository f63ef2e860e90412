"""The three measurements, each of both ways in one run."""

import statistics
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from lab import product
from lab.bench import bare, calls
from lab.bench.answer import answer_delays
from lab.bench.calls import Made, Plan, Way
from lab.bench.capture import Capture
from lab.bench.tone import write_tone
from lab.errors import LabError
from lab.lab import Lab

SHORT, SHORT_SECONDS = "bench/short", 0.5
LONG, LONG_SECONDS = "bench/long", 5.2
AT_ONCE = 150
UP, PER_SECOND = 100, 20
"""Answer to audio: so many calls up and so many new ones a second."""
_COUNTED = 400
_MUST = 0.99

Say = Callable[[str], None]
WAYS: dict[str, Way] = {"whole system": calls.whole_system, "bare Playback": calls.bare_playback}


@dataclass(frozen=True)
class Delays:
    """Answer to first audible packet, in milliseconds."""

    calls: int
    median: float
    p95: float
    p99: float
    unheard: int
    """Calls of which no audible packet was seen."""


@dataclass
class Figures:
    """All that was measured, by way."""

    rounds: dict[str, list[Made]] = field(default_factory=lambda: {way: [] for way in WAYS})
    delays: dict[str, Delays] = field(default_factory=dict)


def measure(lab: Lab, rounds: int, count: int, say: Say) -> Figures:
    """Make every call on a lab that is up; raises LabError when one does not succeed."""
    figures = Figures()
    plan = Plan(count, SHORT, AT_ONCE, per_second=0)
    for number in range(rounds):
        for name, way in WAYS.items():
            made = way(lab, plan)
            figures.rounds[name].append(made)
            say(f"round {number + 1}: {name:13} {made.per_second:6.1f} calls/s")
    for name, way in WAYS.items():
        say(f"answer to audio: {name}, {UP} calls up, {PER_SECOND} new ones a second")
        figures.delays[name] = _delays(lab, way)
    return figures


@contextmanager
def bench_lab(lab: Lab) -> Iterator[None]:
    """Everything that the calls need, for the time of the block."""
    for name, seconds in ((SHORT, SHORT_SECONDS), (LONG, LONG_SECONDS)):
        write_tone(lab.state / "tones" / f"{name}.wav", seconds)
    built = ("--source", str(lab.state / "tones"), "--to", str(lab.state / "sounds"))
    done = product.run(lab, "originator", "sounds", "build", *built)
    if done.returncode != 0:
        raise LabError(done.stderr.strip())
    try:
        lab.up()
        lab.carrier.record_audio(on=False)
        lab.pbx.cli("database deltree overdue")
        bare.write_dialplan(lab.pbx)
        product.start_fastagi(lab)
        yield
    finally:
        lab.down()


def _delays(lab: Lab, way: Way) -> Delays:
    capture = Capture()
    with capture.listening():
        way(lab, Plan(UP + _COUNTED, LONG, 2 * UP, PER_SECOND))
    # The first answers fill the lines; from then on each one leaves as another comes.
    delays = answer_delays(capture.sip_from_carrier, capture.to_carrier)[UP:]
    heard = [1000 * delay for delay in delays if delay is not None]
    if len(heard) < _MUST * _COUNTED:
        raise LabError(f"Audio was seen on only {len(heard)} of {_COUNTED} answered calls.")
    centiles = statistics.quantiles(heard, n=100, method="inclusive")
    return Delays(len(delays), centiles[49], centiles[94], centiles[98], len(delays) - len(heard))
