"""The turns of one run on its trunk, taken in the database, where all originators meet."""

import asyncio
import logging
import time
from datetime import datetime, timedelta

from campaign.clock import Clock
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.pace import late, spacing
from campaign.store import MovedError, Store, StoreError
from campaign.store.trunks import NoLine, NotYet, Terms, Turn
from originator.ami import NotSentError
from originator.calling_hours import closed
from originator.flights import Flight, Flights
from originator.patience import Patience
from originator.sight import Sight
from originator.stop import Stop

log = logging.getLogger(__name__)


class NoLineError(OverdueError):
    """Other originators hold the lines of the trunk; the claim was given back."""


class Turns:
    """Waits until a call may leave."""

    def __init__(
        self,
        *,
        campaign: Campaign,
        run_id: str,
        store: Store,
        flights: Flights,
        sight: Sight,
        clock: Clock,
        stop: Stop,
    ) -> None:
        """``flights``: the calls of this run, which hold lines."""
        trunk = campaign.trunks[0]
        self._terms = Terms(trunk.label, run_id, trunk.max_calls, spacing(trunk.calls_per_second))
        self._campaign = campaign
        self._store = store
        self._flights = flights
        self._sight = sight
        self._clock = clock
        self._stop = stop
        self._committing = 0
        """Calls whose commit is under way: each may be about to hold a line."""

    async def take(self, attempt_id: str, number: str) -> Flight:
        """Commit a claimed attempt as dialing, with a line and a slot.

        NoLineError or NotSentError (a stop, a lost link): the claim was given back.
        """
        patience = Patience()
        while self._may_go_on():
            try:
                answer = await self._dial(attempt_id)
                if isinstance(answer, Turn):
                    return self._flights.add(attempt_id, number, answer.at)
            except MovedError:
                raise
            except StoreError as error:
                await self._database_away(error, patience)
                continue
            patience.answered()
            if isinstance(answer, NoLine):
                await self._give_back(attempt_id)
                raise NoLineError(f"no line of {self._terms.trunk} is free")
            await self._stop.pause(answer.seconds)
        await self._give_back(attempt_id)
        raise NotSentError("stopped, or the AMI link is down")

    async def wait(self, flight: Flight) -> bool:
        """Wait for the flight's slot; a missed one is given up for another. False: do not send."""
        patience = Patience()
        while self._may_go_on():
            await self._stop.pause(flight.leaves_at - time.monotonic())
            if not late(time.monotonic() - flight.leaves_at, self._terms.distance):
                return not self._stop
            log.info("action=slot_missed attempt=%s", flight.attempt_id)
            try:
                answer = await asyncio.to_thread(
                    self._store.trunks.dial_later, flight.attempt_id, self._terms, *self._times()
                )
            except MovedError as error:
                log.warning("action=slot_missed %s", error)
                return False
            except StoreError as error:
                await self._database_away(error, patience)
                continue
            patience.answered()
            if isinstance(answer, Turn):
                self._flights.postpone(flight, answer.at)
            else:
                await self._stop.pause(answer.seconds)
        return False

    async def line_free(self) -> bool:
        """Whether a line of the trunk seems to be free."""
        held = self._flights.lines_held
        return await asyncio.to_thread(self._store.trunks.has_line, self._terms, held)

    async def _dial(self, attempt_id: str) -> Turn | NotYet | NoLine:
        held = self._flights.lines_held + self._committing
        dial = self._store.trunks.dial
        self._committing += 1
        try:
            return await asyncio.to_thread(dial, attempt_id, self._terms, held, *self._times())
        finally:
            self._committing -= 1

    def _times(self) -> tuple[datetime, datetime]:
        now = self._clock.now()
        grace = timedelta(seconds=self._campaign.timing.grace_seconds)
        return now, now + self._campaign.longest_call + grace

    def _may_go_on(self) -> bool:
        if closed(self._campaign, self._clock.now()):
            self._stop.ask("outside_hours")
        return not self._stop and self._sight.clear

    async def _database_away(self, error: StoreError, patience: Patience) -> None:
        log.warning("action=database_away %s", error)
        if patience.over():
            self._stop.ask("database_away")
        await self._stop.pause(1.0)

    async def _give_back(self, attempt_id: str) -> None:
        await asyncio.to_thread(self._store.attempts.release, attempt_id, self._clock.now())
