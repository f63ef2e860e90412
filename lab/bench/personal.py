"""A message of recorded parts and spoken values: its joints, and how soon it begins."""

import statistics
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import numpy as np

from fastagi_server import spoken
from lab import product
from lab.audio import read
from lab.bench import calls
from lab.bench.calls import Plan
from lab.bench.measure import PER_SECOND, UP, Delays, delays, summary
from lab.bench.silence import longest_silence
from lab.bench.tone import write_tone
from lab.customers import Customer
from lab.demo import ZONE
from lab.errors import LabError
from lab.lab import Lab

OPENING, OPENING_SECONDS = "bench/opening", 1.0
"""Audible from its first packet on, so that the delay is that of the system."""
_SPOKEN = ("es_MX/your_balance", "{amount}", "es_MX/cut_on", "{cut_date}")
_RECORDED_CALLS = 20
_RECORDED_PER_SECOND = 2.0
_MUST = 0.98


@dataclass(frozen=True)
class Personal:
    """What was measured."""

    recordings: int
    silence_ms: float
    """The longest in any recording of the carrier, from the first to the last word."""
    median_silence_ms: float
    """The longest of a recording, in the middle."""
    own_silence_ms: float
    """The longest in the same parts laid end to end: what they bring themselves."""
    delays: Delays
    unspoken: int
    """Calls whose message did not tell the amount: the database was late, the dialplan played."""


def measure(lab: Lab) -> Personal:
    """Make the calls on a lab that is up; raises LabError when one does not succeed."""
    _install(lab)
    silences, unspoken = _silences(lab)
    found = delays(lab, calls.whole_system, _plan(2 * UP + UP, (OPENING, *_SPOKEN)))
    return Personal(
        len(silences),
        1000 * max(silences),
        1000 * statistics.median(silences),
        1000 * longest_silence(np.concatenate([read(file) for file in _files(lab)])),
        summary(found),
        unspoken + _unspoken(lab),
    )


def _plan(count: int, parts: tuple[str, ...], per_second: float = PER_SECOND) -> Plan:
    return Plan(count, OPENING, 2 * UP, per_second, parts)


def _install(lab: Lab) -> None:
    write_tone(lab.state / "tones" / f"{OPENING}.wav", OPENING_SECONDS)
    for source in (["--source", str(lab.state / "tones")], []):
        to = ("--to", str(lab.state / "sounds"))
        done = product.run(lab, "originator", "sounds", "build", *source, *to)
        if done.returncode != 0:
            raise LabError(done.stderr.strip())
    lab.pbx.install_sounds(lab.state / "sounds")


def _silences(lab: Lab) -> tuple[list[float], int]:
    lab.carrier.record_audio(on=True)
    try:
        calls.whole_system(lab, _plan(_RECORDED_CALLS, _SPOKEN, _RECORDED_PER_SECOND))
    finally:
        lab.carrier.record_audio(on=False)
    recordings = [lab.carrier.recording(call) for call in lab.carrier.calls()]
    return [longest_silence(read(each)) for each in recordings if each], _unspoken(lab)


def _unspoken(lab: Lab) -> int:
    """How many of the last calls did not tell the amount; raises LabError where many did not."""
    with lab.database.connect() as connection, connection.cursor() as cursor:
        cursor.execute(
            "SELECT COUNT(*), (SELECT COUNT(DISTINCT attempt_id) FROM overdue_event"
            " WHERE kind = 'part' AND detail LIKE 'es_MX/value/pesos=%') FROM overdue_attempt"
        )
        attempts, spoken_to = cursor.fetchone() or (0, 0)
    if spoken_to < _MUST * attempts:
        raise LabError(f"Only {spoken_to} of {attempts} calls told an amount.")
    return int(attempts - spoken_to)


def _files(lab: Lab) -> Iterable[Path]:
    today = datetime.now(ZONE).date()
    amount = spoken.amount(Decimal(str(Customer("", "", "").balance)), "es_MX")
    parts = [_SPOKEN[0], *amount, _SPOKEN[2], *spoken.day(today, "es_MX")]
    return [lab.state / "sounds" / f"{part}.ulaw" for part in parts]
