"""The time, passed in to whatever decides: one UTC clock (docs/decisions/clock.md)."""

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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


class SteadyClock:
    """The machine's clock as it was at the start, carried on by monotonic time.

    Setting the machine's clock changes neither what a run takes for now nor the times that it
    writes; `jump` tells of it, and of a machine that was suspended.
    """

    def __init__(
        self,
        wall: Clock | None = None,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Right if ``wall`` (the machine's clock) is right now; ``monotonic``: seconds."""
        self._wall = wall or SystemClock()
        self._monotonic = monotonic
        self._began_at = self._wall.now()
        self._began = monotonic()

    def now(self) -> datetime:
        """The present moment as an aware datetime in UTC."""
        return self._began_at + timedelta(seconds=self._monotonic() - self._began)

    def jump(self) -> timedelta:
        """How far ahead of this clock the machine's has gone; negative: it was set back."""
        return self._wall.now() - self.now()
