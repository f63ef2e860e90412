"""The turns of one run on its trunks, taken in the database, where all originators meet."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from campaign.clock import Clock
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.pace import late, spacing
from campaign.selection import Refusal
from campaign.source import Source
from campaign.store import MovedError, Store, StoreError
from campaign.store.claims import Check, Claim
from campaign.store.trunks import DayOver, NoTrunk, NotYet, Terms, Turn
from originator.ami import NotSentError
from originator.flights import Flight, Flights
from originator.gate import Gate
from originator.lines import Lines
from originator.patience import Patience
from originator.sight import Sight
from originator.stop import Stop
from originator.stop_reason import StopReason

log = logging.getLogger(__name__)

LINK_POLL_SECONDS = 0.2
"""How often a call that has its slot looks for a link that is being brought back."""


class NoTrunkError(OverdueError):
    """All lines are taken, or all trunks are paused; the claim was given back."""


class Turns:
    """Waits until a call may leave."""

    def __init__(
        self,
        *,
        campaign: Campaign,
        run_id: str,
        store: Store,
        flights: Flights,
        lines: Lines,
        sight: Sight,
        gate: Gate,
        clock: Clock,
        stop: Stop,
    ) -> None:
        """``flights``: the calls of this run, which hold ``lines``."""
        self._terms = Terms(run_id, campaign)
        self._campaign = campaign
        self._store = store
        self._flights = flights
        self._lines = lines
        self._sight = sight
        self._gate = gate
        self._clock = clock
        self._stop = stop
        self.day_over: StopReason | None = None
        """Why no more calls are begun today; those that wait for their slot are counted already."""
        self._committing = 0
        """Calls whose commit is under way: each may be about to hold a line."""

    async def take(self, attempt_id: str, number: str) -> tuple[Flight, Turn]:
        """Commit a claimed attempt as dialing, with a trunk, a line and a slot.

        NoTrunkError or NotSentError (a stop, a lost link): the claim was given back.
        """
        patience = Patience()
        while self._may_go_on():
            try:
                answer = await self._dial(attempt_id)
                if isinstance(answer, Turn):
                    label = answer.trunk.label
                    return self._flights.add(attempt_id, number, label, answer.at), answer
            except MovedError:
                raise
            except StoreError as error:
                await self._database_away(error, patience)
                continue
            patience.answered()
            if isinstance(answer, NoTrunk):
                await self._give_back(attempt_id)
                raise NoTrunkError("no trunk may carry a call now")
            if isinstance(answer, DayOver):
                self.day_over = StopReason(answer.reason)
                break
            await self._stop.pause(answer.seconds)
        await self._give_back(attempt_id)
        raise NotSentError("stopped, or the AMI link is down")

    async def claim(
        self, claim: Claim, source: Source | None, check: Check
    ) -> Refusal | tuple[Flight, Turn]:
        """Commit a claim as dialing at once, in a run without a pace; or why it is refused.

        NoTrunkError or NotSentError: nothing was written.
        """
        if not self._may_go_on():
            raise NotSentError("stopped, or the AMI link is down")
        with self._one_more() as held:
            answer = await asyncio.to_thread(
                self._store.trunks.claim_and_dial,
                claim, self._terms, source, check, held, *self._times(),
            )  # fmt: skip
        if isinstance(answer, Turn):
            label = answer.trunk.label
            return self._flights.add(claim.attempt_id, claim.number, label, answer.at), answer
        if isinstance(answer, NoTrunk):
            raise NoTrunkError("no trunk may carry a call now")
        if isinstance(answer, DayOver):
            self.day_over = StopReason(answer.reason)
            raise NotSentError("the campaign has used up its day")
        return answer

    async def wait(self, flight: Flight, turn: Turn) -> bool:
        """Wait for the flight's slot; a missed one is given up for another. False: do not send.

        A slot is missed too while the PBX has not answered the Originate before it, or is away: a
        link that is half open swallows one call, and one that is slow bunches none.
        """
        patience = Patience()
        distance = spacing(turn.trunk.calls_per_second)
        while self._may_wait():
            await self._stop.pause(flight.leaves_at - time.monotonic())
            if distance:
                await self._sight.proved()
            if not self._sight.clear:
                await self._stop.pause(LINK_POLL_SECONDS)
                continue
            if not late(time.monotonic() - flight.leaves_at, distance):
                return self._may_wait()  # the hours may have closed while it waited
            log.info("action=slot_missed attempt=%s", flight.attempt_id)
            try:
                answer = await asyncio.to_thread(
                    self._store.trunks.dial_later,
                    flight.attempt_id,
                    turn,
                    self._terms,
                    *self._times(),
                )
            except MovedError as error:
                log.warning("action=slot_missed %s", error)
                return False
            except StoreError as error:
                await self._database_away(error, patience)
                continue
            patience.answered()
            if isinstance(answer, Turn):
                turn = answer
                self._flights.postpone(flight, answer.at)
            else:
                await self._stop.pause(answer.seconds)
        return False

    async def acknowledged(self, turn: Turn, seconds: float) -> None:
        """The PBX took the call so many seconds after it was written: when it came, nobody knows.

        A link that delayed it, and does not delay the next ones, would put them into one second.
        """
        if not late(seconds, spacing(turn.trunk.calls_per_second)):
            return
        try:
            await asyncio.to_thread(self._store.trunks.came_late, turn.trunk, self._terms)
        except StoreError as error:
            log.warning("action=came_late %s", error)  # nothing is committed meanwhile either

    async def read_clock(self) -> None:
        """Before the first turn: slots are moments of the database's clock; raises StoreError."""
        await asyncio.to_thread(self._store.trunks.read_clock, self._terms)

    async def may_dial(self) -> bool:
        """Whether a trunk seems to be free for one more call."""
        return await asyncio.to_thread(self._store.trunks.may_dial, self._terms, self._lines.held)

    async def _dial(self, attempt_id: str) -> Turn | NotYet | NoTrunk | DayOver:
        dial = self._store.trunks.dial
        with self._one_more() as held:
            return await asyncio.to_thread(dial, attempt_id, self._terms, held, *self._times())

    @contextmanager
    def _one_more(self) -> Iterator[Counter[str]]:
        """The lines that are held, without the one that is committed in the block."""
        held = self._lines.held
        for trunk in self._campaign.trunks:
            # A commit that is under way may be about to hold a line of any trunk.
            held[trunk.label] += self._committing
        self._committing += 1
        try:
            yield held
        finally:
            self._committing -= 1

    def _times(self) -> tuple[datetime, datetime]:
        now = self._clock.now()
        grace = timedelta(seconds=self._campaign.timing.grace_seconds)
        return now, now + self._campaign.longest_call + grace

    def _may_go_on(self) -> bool:
        return self._may_wait() and self._sight.clear

    def _may_wait(self) -> bool:
        self._gate.look()
        return not self._stop

    async def _database_away(self, error: StoreError, patience: Patience) -> None:
        log.warning("action=database_away %s", error)
        if patience.over():
            self._stop.ask(StopReason.DATABASE_AWAY)
        await self._stop.pause(1.0)

    async def _give_back(self, attempt_id: str) -> None:
        await asyncio.to_thread(self._store.attempts.release, attempt_id, self._clock.now())
