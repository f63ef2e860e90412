"""The last word before each call: the hours are open, by a clock that can be trusted."""

from datetime import datetime, timedelta

from campaign.clock import SteadyClock
from campaign.file import Campaign
from campaign.hours import Closed, Open, window
from originator.stop import Stop
from originator.stop_reason import StopReason

CLOCK_TOLERANCE = timedelta(seconds=2)
"""Between two clocks of a run: this machine's, the database's, and the run's own."""
_STANDS = timedelta(minutes=1)
LETTING_GO = timedelta(seconds=3)
"""From the call limit until the line is free: the BYE waits for the hangup handler."""


class Gate:
    """Stops the run when no call may start any more."""

    def __init__(self, campaign: Campaign, clock: SteadyClock, stop: Stop) -> None:
        """``clock``: agreed with the database's when the run began."""
        self._campaign = campaign
        self._clock = clock
        self._stop = stop
        self._open: Open | None = None
        self._looked_at = self._stands_until = clock.now()

    def look(self) -> None:
        """Stop the run after the last start of the day, or when the machine's clock has jumped."""
        if abs(jump := self._clock.jump()) > CLOCK_TOLERANCE:
            self._stop.ask(StopReason.CLOCK_JUMPED, f"by {_seconds(jump)}")
        if isinstance(self._window(self._clock.now()), Closed):
            self._stop.ask(StopReason.OUTSIDE_HOURS)

    def compare(self, asked_at: datetime, database_time: datetime) -> None:
        """Stop the run when the database's clock is another; it was asked at ``asked_at``."""
        difference = off_by(asked_at, database_time, self._clock.now())
        if abs(difference) > CLOCK_TOLERANCE:
            self._stop.ask(
                StopReason.CLOCKS_DIFFER, f"the database's is off by {_seconds(difference)}"
            )

    def call_seconds(self) -> float:
        """How long a call that starts now may last, so that its line is free at closing."""
        now, limit = self._clock.now(), timedelta(seconds=self._campaign.timing.call_seconds)
        verdict = self._window(now)
        if isinstance(verdict, Closed) or verdict.until is None:
            return limit.total_seconds()
        return min(limit, limit + (verdict.until - now) - LETTING_GO).total_seconds()

    def _window(self, now: datetime) -> Open | Closed:
        """What the hours say; that they are open is worked out once a minute, not for each call."""
        if self._open is not None and self._looked_at <= now < self._stands_until:
            return self._open
        verdict = window(self._campaign.calling_hours, now, self._campaign.longest_call)
        self._open = verdict if isinstance(verdict, Open) else None
        self._looked_at = now
        self._stands_until = now + _STANDS
        if self._open and self._open.until:
            self._stands_until = min(self._stands_until, self._open.until)
        return verdict


def off_by(asked_at: datetime, told: datetime, heard_at: datetime) -> timedelta:
    """How far a clock that was asked is ahead of ours, at least: its answer may take its time."""
    if told < asked_at:
        return told - asked_at
    return max(told - heard_at, timedelta(0))


def _seconds(difference: timedelta) -> str:
    return f"{difference.total_seconds():+.1f} s"
