"""The calls of a run that are not final yet, and the lines that they hold."""

import asyncio
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from campaign.outcome import Outcome
from campaign.store import StoreError
from campaign.store.attempts import Attempts
from originator.ami import AmiError, Event
from originator.lines import Lines
from originator.settler import Settler

log = logging.getLogger(__name__)

REPORTED_SECONDS = 2.0
"""From the end of a call until its outcome is missed: the hangup handler has reported by then."""
FOLLOW_SECONDS = 0.2


@dataclass
class Flight:
    """One call from the Originate to its outcome; times are monotonic seconds."""

    attempt_id: str
    number: str
    trunk: str
    """Its label."""
    deadline: float
    leaves_at: float = 0.0
    """Its slot."""
    customer_id: str = ""
    """Whom it calls."""
    has_other_numbers: bool = False
    """Whether he can be called elsewhere if this number is bad."""
    sent: bool = False
    """Whether the Originate was written, or is being written."""
    holds_line: bool = True
    """Whether it counts against the calls at once."""
    over_at: float | None = None
    """When the PBX said that it ended, or that it failed."""
    failed: bool = False
    """The PBX said that the Originate failed."""
    asked_at: float = field(default=float("-inf"))
    """When the PBX was last asked for evidence."""

    def over(self, now: float) -> bool:
        """Whether its outcome may be there."""
        return self.over_at is not None or now > self.deadline

    @property
    def never_up(self) -> bool:
        """Whether it failed without a Hangup: there was no channel."""
        return self.failed and self.holds_line

    def missed(self, now: float) -> bool:
        """Whether its outcome should be there, and the PBX was not asked just before."""
        late = now > self.deadline or (
            self.over_at is not None and now - self.over_at > REPORTED_SECONDS
        )
        return late and now - self.asked_at > REPORTED_SECONDS


Final = Callable[[Flight, Outcome, float | None], None]
"""Is told of each outcome, with the seconds heard."""


class Flights:
    """All flights of a run."""

    def __init__(
        self,
        attempts: Attempts,
        settler: Settler,
        lines: Lines,
        *,
        longest_seconds: float,
        grace_seconds: float,
        final: Final,
    ) -> None:
        """``longest_seconds``: ring time and call limit.

        ``grace_seconds``: after these an attempt is final (promise 2 of the design).
        """
        self._attempts = attempts
        self._settler = settler
        self._lines = lines
        self._longest = longest_seconds + grace_seconds
        self._grace = grace_seconds
        self._final = final
        self._flights: dict[str, Flight] = {}

    def add(self, attempt_id: str, number: str, trunk: str, leaves_at: float) -> Flight:
        """The Originate comes next; the flight holds the line that was taken."""
        flight = Flight(attempt_id, number, trunk, self._deadline(), leaves_at)
        self._flights[attempt_id] = flight
        self._lines.hold(trunk)
        return flight

    def postpone(self, flight: Flight, leaves_at: float) -> None:
        """It missed its slot and has another one."""
        flight.leaves_at = leaves_at
        flight.deadline = self._deadline()

    def remove(self, flight: Flight) -> None:
        """It was not written after all; its line is the caller's again."""
        del self._flights[flight.attempt_id]
        self._lines.take_from(flight.trunk)

    def hear(self, event: Event) -> Flight | None:
        """Take an event of the PBX; returns the flight that it is about."""
        flight = self._flights.get(event["uniqueid"])
        if flight is None:
            return None
        if event.name == "Hangup":
            self._over(flight)
            self._free(flight)
        elif event["response"] == "Failure":
            # Alone it proves nothing: a Hangup is due now, or there never was a channel.
            flight.failed = True
            self._over(flight)
        return flight

    def all(self) -> list[Flight]:
        """Those that were sent and are not final now."""
        return [flight for flight in self._flights.values() if flight.sent]

    def not_heard_of(self, flights: list[Flight], live: set[str]) -> None:
        """After a time without events: those of these flights that are not up have ended."""
        for flight in flights:
            if flight.attempt_id not in live:
                self._over(flight)
                self._free(flight)

    async def follow(self) -> None:
        """Look up what has become of calls that are over, and ask the PBX about silent ones."""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                await self._take_outcomes()
                await self._ask_for_missed()
            except (StoreError, AmiError) as error:
                log.warning("action=follow %s", error)

    async def all_final(self) -> bool:
        """Wait for the last outcome; False: no evidence came in time, the next run settles it."""
        while self._flights:
            last = max(flight.deadline for flight in self._flights.values())
            if time.monotonic() > last + self._grace:
                return False
            await asyncio.sleep(FOLLOW_SECONDS)
        return True

    async def _take_outcomes(self) -> None:
        now = time.monotonic()
        # Nothing is heard of any while the link is down: their outcomes come all the same.
        deaf = not self._settler.pbx.link.up
        over = [f.attempt_id for f in self._flights.values() if deaf or f.over(now)]
        standing = await asyncio.to_thread(self._attempts.standing, over)
        for attempt_id, where in standing.items():
            if where.outcome is not None:
                flight = self._flights.pop(attempt_id)
                self._free(flight)
                self._final(flight, where.outcome, where.heard_seconds)

    async def _ask_for_missed(self) -> None:
        now = time.monotonic()
        # One that was not sent yet waits for its slot, or for the link; it may still be sent.
        missed = {f.attempt_id: f for f in self.all() if f.missed(now)}
        if not missed:
            return
        for flight in missed.values():
            flight.asked_at = now
        still_open = await asyncio.to_thread(self._attempts.open)
        never_up = {flight.attempt_id for flight in missed.values() if flight.never_up}
        await self._settler.settle([a for a in still_open if a.attempt_id in missed], never_up)

    def _deadline(self) -> float:
        return time.monotonic() + self._longest

    @staticmethod
    def _over(flight: Flight) -> None:
        if flight.over_at is None:
            flight.over_at = time.monotonic()

    def _free(self, flight: Flight) -> None:
        if flight.holds_line:
            flight.holds_line = False
            self._lines.free(flight.trunk)
