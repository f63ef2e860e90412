"""The three measurements, each of both ways in one run."""

import os
import statistics
from collections.abc import Callable, Iterator, Sequence
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
AT_ONCE = 400
UP, PER_SECOND = 100, 20
"""Answer to audio: so many calls up and so many new ones a second."""
_COUNTED = 200
_MUST = 0.99

Say = Callable[[str], None]
WAYS: dict[str, Way] = {"whole system": calls.whole_system, "bare Playback": calls.bare_playback}


@dataclass(frozen=True)
class Delays:
    """Answer to first audible packet, in milliseconds."""

    calls: int
    """Answers that were counted."""
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
    plan_of_delays = Plan(UP + _COUNTED, LONG, 2 * UP, PER_SECOND)
    all_delays: dict[str, list[float | None]] = {name: [] for name in WAYS}
    for number in range(1, rounds + 1):
        for name, way in WAYS.items():
            made = way(lab, plan)
            figures.rounds[name].append(made)
            say(f"round {number}: {name:13} {made.per_second:6.1f} calls/s, {_load()}")
        for name, way in WAYS.items():
            found = delays(lab, way, plan_of_delays)
            all_delays[name] += found
            p99 = summary(found).p99
            say(f"round {number}: {name:13} {p99:6.1f} ms to audio (99th percentile), {_load()}")
    figures.delays = {name: summary(found) for name, found in all_delays.items()}
    return figures


def _load() -> str:
    return f"load {os.getloadavg()[0]:.1f}"


@contextmanager
def bench_lab(lab: Lab) -> Iterator[None]:
    """Everything that the calls need, for the time of the block."""
    for name, seconds in ((SHORT, SHORT_SECONDS), (LONG, LONG_SECONDS)):
        write_tone(lab.state / "tones" / f"{name}.wav", seconds)
    # The sets of the package too: the keys of a campaign need their words.
    for source in ([], ["--source", str(lab.state / "tones")]):
        done = product.run(
            lab, "originator", "sounds", "build", *source, "--to", str(lab.state / "sounds")
        )
        if done.returncode != 0:
            raise LabError(done.stderr.strip())
    try:
        lab.up()
        lab.pbx.trust_trunk()
        lab.carrier.record_audio(on=False)
        lab.pbx.cli("database deltree overdue")
        bare.write_dialplan(lab.pbx)
        product.start_fastagi(lab)
        yield
    finally:
        lab.down()


def delays(lab: Lab, way: Way, plan: Plan) -> list[float | None]:
    """Seconds from answer to first audible packet of the plan's calls, without the first ones."""
    capture = Capture()
    with capture.listening():
        way(lab, plan)
    # The first answers fill the lines; from then on each one leaves as another comes.
    return answer_delays(capture.sip_from_carrier, capture.to_carrier)[UP:]


def summary(measured: Sequence[float | None]) -> Delays:
    """Their percentiles; raises LabError where too many were never audible."""
    heard = [1000 * delay for delay in measured if delay is not None]
    if len(heard) < max(2, _MUST * len(measured)):
        raise LabError(f"Audio was seen on only {len(heard)} of {len(measured)} answered calls.")
    centiles = statistics.quantiles(heard, n=100, method="inclusive")
    unheard = len(measured) - len(heard)
    return Delays(len(measured), centiles[49], centiles[94], centiles[98], unheard)
