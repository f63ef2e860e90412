"""Whether every attempt became final in time: shares no code with the dialer.

Promise 2 of the design: within ring time, call limit and grace time while an originator works, and
within five minutes after the last fault is over.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from lab.chaos.check import Breach, Span
from lab.chaos.rows import Attempt

AFTER_FAULTS = timedelta(minutes=5)
SLACK = timedelta(seconds=5)
"""From the moment at which it is overdue until the evidence on it has been asked for and written,
on a machine that is busy with everything else."""


def find_late(
    attempts: Iterable[Attempt], faults: Sequence[Span], longest: timedelta
) -> Iterator[Breach]:
    """The attempts that took too long.

    ``faults``: from each hit until all was whole again; one that fell into the time of an attempt
    excuses it for five minutes after the last of all. ``longest``: ring time, call limit and grace
    time. Those that never became final are somebody else's to find.
    """
    last = max((over_at for _, over_at in faults), default=None)
    for attempt in attempts:
        if attempt.final_at is None:
            continue
        began = attempt.dialing_at or attempt.claimed_at
        due = began + longest + SLACK
        if last and any(hit <= due and attempt.claimed_at <= over for hit, over in faults):
            due = max(due, last + AFTER_FAULTS)
        if attempt.final_at > due:
            yield Breach("late", _sentence(attempt, began, due), attempt.number)


def _sentence(attempt: Attempt, began: datetime, due: datetime) -> str:
    assert attempt.final_at is not None  # noqa: S101 (the caller's condition)
    took, allowed = (each - began for each in (attempt.final_at, due))
    return (
        f"The attempt {attempt.attempt_id} ({attempt.outcome or attempt.state}) was final after"
        f" {took.total_seconds():.0f} s, {allowed.total_seconds():.0f} s were allowed."
    )
