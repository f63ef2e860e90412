"""All that is known of one number, for whoever has to find out what went wrong."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from lab.calls import CarrierCall
from lab.chaos.rows import Attempt, Rows


def history(
    number: str,
    attempts: Iterable[Attempt],
    calls: Iterable[CarrierCall],
    rows: Rows,
    directory: Path,
) -> list[str]:
    """Rows, notes, the carrier's lines and our programs' log lines, one after the other."""
    own = [attempt.attempt_id for attempt in attempts if attempt.number == number]
    told = [f"carrier: {call}" for call in calls if call.number == number]
    for attempt_id in own:
        told.append(f"attempt {attempt_id}")
        told += [f"  {line}" for line in rows.story(attempt_id)]
        for log in sorted(directory.glob("*.log")):
            told += [f"  {log.stem}: {line}" for line in _lines(log, attempt_id)]
    return told


def _lines(log: Path, attempt_id: str) -> Sequence[str]:
    lines = log.read_text(errors="replace").splitlines()
    return [line for line in lines if attempt_id in line]
