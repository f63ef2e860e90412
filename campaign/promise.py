"""A promise to pay: until when the person is left alone, and whether it was kept."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo


class Resolution(StrEnum):
    """What came of a promise; one that is still open has none."""

    KEPT = "kept"
    BROKEN = "broken"

    @property
    def spanish(self) -> str:
        """What the operator's table calls it in Spanish."""
        return {Resolution.KEPT: "cumplida", Resolution.BROKEN: "incumplida"}[self]


@dataclass(frozen=True)
class Promise:
    """What somebody promised on a call."""

    attempt_id: str
    customer_id: str
    amount: Decimal
    """What he owed then."""
    made_on: date
    day: date
    """When he said that he would pay."""
    calls_from: datetime
    """When the day and its grace are over."""


def calls_from(day: date, grace_days: int, zone: ZoneInfo) -> datetime:
    """The first moment after the promised day and its grace."""
    return datetime.combine(day + timedelta(days=grace_days + 1), time(), zone)


def judge(promise: Promise, owed: Decimal, now: datetime) -> Resolution | None:
    """What came of it; ``owed``: now, of what he was called for. None: he still has time.

    Whoever pays before his time is over has kept it; a part is not enough.
    """
    if owed <= 0:
        return Resolution.KEPT
    return Resolution.BROKEN if now >= promise.calls_from else None
