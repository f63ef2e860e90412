"""The one clock: an aware UTC time, passed in, never taken from the database or a global."""

from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time; tests pass their own."""

    def now(self) -> datetime:
        """The present moment as an aware datetime in UTC."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment as an aware datetime in UTC."""
        return datetime.now(UTC)
