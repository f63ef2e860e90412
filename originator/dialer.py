"""One customer's way to the wire: claim, commit in turn, wait for the slot, write."""

import asyncio
import logging
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime

from ulid import ULID

from campaign.clock import Clock
from campaign.eligibility import Candidate
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.hours import Closed
from campaign.outcome import Outcome
from campaign.permission import permission
from campaign.reason import Reason
from campaign.selection import Refusal
from campaign.store import Store
from campaign.store.claims import Check, Claim
from campaign.store.trunks import Turn
from originator.ami import ActionError, AmiError, NotSentError
from originator.flights import Flight, Flights
from originator.gate import Gate
from originator.originate import originate
from originator.pbx import Pbx
from originator.progress import Watcher
from originator.select import Selection
from originator.sight import Sight
from originator.stop import Stop
from originator.stop_reason import StopReason
from originator.summary import Summary
from originator.turns import Turns

log = logging.getLogger(__name__)

_LOOK_AGAIN = (Reason.OTHER_NUMBER, Reason.OPEN_ATTEMPT)


class Dialer:
    """Calls customers of one run."""

    def __init__(
        self,
        *,
        campaign: Campaign,
        selection: Selection,
        store: Store,
        pbx: Pbx,
        prompt_hash: str | None,
        sight: Sight,
        flights: Flights,
        turns: Turns,
        gate: Gate,
        clock: Clock,
        watcher: Watcher,
        stop: Stop,
        summary: Summary,
        limit: int | None,
        final: Callable[[Flight, Outcome, float | None], None],
        other_number: Callable[[str], None],
    ) -> None:
        """``limit``: at most so many calls; ``final``: is told of a call that was not placed.

        ``other_number``: is told of a customer who may be called at another of his numbers when
        the calls that are up are over.
        """
        self._campaign = campaign
        self._selection = selection
        self._store = store
        self._pbx = pbx
        self._prompt_hash = prompt_hash
        self._sight = sight
        self._flights = flights
        self._turns = turns
        self._gate = gate
        self._clock = clock
        self._watcher = watcher
        self._stop = stop
        self._summary = summary
        self._limit = limit
        self._final = final
        self._other_number = other_number
        self._one_by_one = asyncio.Lock()

    @property
    def at_limit(self) -> bool:
        """Whether the run has made as many calls as it may."""
        return self._limit is not None and self._summary.calls >= self._limit

    @property
    def wants_more(self) -> bool:
        """Whether another call may be begun."""
        return not self._stop and not self.at_limit and not self._turns.day_over

    async def call(self, candidate: Candidate) -> bool:
        """Call one customer; True when a flight holds the line that was taken.

        The PBX is asked first whether the site may call the number at all.

        Nothing was written after a StoreError (the database did not take the claim or the commit),
        a NoTrunkError or a NotSentError (a stop or a lost link before its turn): with the last two
        the claim was given back.
        """
        if not await self._allowed(candidate):
            return False
        # Of the run's clock, not of the machine's, which may have jumped.
        now = self._clock.now()
        attempt_id = str(ULID.from_datetime(now))
        boot = self._sight.boot
        claim = self._claim(attempt_id, candidate, boot, now)
        if claim is None:
            return False
        at_once = not self._campaign.is_paced and self._limit is None
        taken = await (self._take_at_once if at_once else self._take)(claim, candidate, now)
        if taken is None:
            return False
        flight, turn = taken
        flight.customer_id = candidate.customer_id
        flight.has_other_numbers = len(candidate.numbers) > 1
        return await self._write(flight, turn, candidate, boot)

    async def _take_at_once(
        self, claim: Claim, candidate: Candidate, now: datetime
    ) -> tuple[Flight, Turn] | None:
        """Claim and turn in one commit: there is no slot to wait for, and no limit to keep."""
        await self._sight.proved()
        answer = await self._turns.claim(claim, self._selection.source, self._check(candidate, now))
        if isinstance(answer, Refusal):
            self._refused(candidate, answer)
            return None
        self._summary.calls += 1
        return answer

    async def _take(
        self, claim: Claim, candidate: Candidate, now: datetime
    ) -> tuple[Flight, Turn] | None:
        """The claim first, so that it is there when the slot is; then the turn."""
        refusal = await asyncio.to_thread(
            self._store.attempts.claim,
            claim, self._campaign, self._selection.source, self._check(candidate, now), now,
        )  # fmt: skip
        if refusal is not None:
            self._refused(candidate, refusal)
            return None
        if not self.wants_more:
            await asyncio.to_thread(
                self._store.attempts.release, claim.attempt_id, self._clock.now()
            )
            return None
        self._summary.calls += 1
        try:
            # With a pace one asks for its slot after the other, while earlier ones wait for theirs.
            async with self._one_by_one if self._campaign.is_paced else nullcontext():
                await self._sight.proved()
                return await self._turns.take(claim.attempt_id, claim.number)
        except OverdueError:
            self._summary.calls -= 1
            raise

    async def _allowed(self, candidate: Candidate) -> bool:
        """Whether the PBX's own dialplan knows the number; NotSentError where it does not say."""
        dialled = candidate.number.dialled(self._campaign.dial_format)
        try:
            allowed = await self._pbx.allows(dialled)
        except ActionError:
            raise
        except AmiError as error:
            raise NotSentError(str(error)) from error
        if not allowed:
            self._summary.refusals[Reason.DESTINATION_REFUSED] += 1
        return allowed

    def _claim(
        self, attempt_id: str, candidate: Candidate, boot: str, now: datetime
    ) -> Claim | None:
        """The row to be inserted; None: the hours have closed."""
        campaign = self._campaign
        allowed = permission(campaign, now)
        if isinstance(allowed, Closed):
            self._stop.ask(StopReason.OUTSIDE_HOURS)
            return None
        return Claim(
            attempt_id=attempt_id,
            run_id=self._summary.run_id,
            customer_id=candidate.customer_id,
            number=candidate.number.digits,
            numbers=tuple(number.digits for number in candidate.numbers),
            person=candidate.person,
            trunk=campaign.trunks[0].label,
            prompt=campaign.prompt,
            prompt_hash=self._prompt_hash,
            pbx=self._pbx.link.name,
            pbx_boot=boot,
            permission=allowed,
        )

    def _check(self, candidate: Candidate, now: datetime) -> Check:
        return lambda row, history: self._selection.check(candidate, row, history, now)

    def _refused(self, candidate: Candidate, refusal: Refusal) -> None:
        # Another call to the same number or person may come to nothing, and he has more numbers.
        if len(candidate.numbers) > 1 and refusal.reason in _LOOK_AGAIN:
            self._other_number(candidate.customer_id)
        else:
            self._summary.refusals[refusal.reason] += 1

    async def _write(self, flight: Flight, turn: Turn, candidate: Candidate, boot: str) -> bool:
        campaign = self._campaign
        attempt_id = flight.attempt_id
        if not await self._turns.wait(flight, turn):
            await self._not_placed(flight, f"not sent: {self._stop.reason or 'its turn was lost'}")
            return False
        headers = originate(
            attempt_id,
            turn.trunk,
            candidate.number.dialled(campaign.dial_format),
            campaign,
            self._pbx.token(attempt_id),
            call_seconds=self._gate.call_seconds(),
        )
        flight.sent = True
        self._watcher.dialing(attempt_id, flight.number)
        written_at = time.monotonic()
        try:
            await self._sight.originate(boot, headers)
        except NotSentError as error:
            await self._not_placed(flight, str(error))
            return False
        except ActionError as error:
            self._stop.ask(StopReason.ORIGINATE_REFUSED, str(error))
            await self._not_placed(flight, str(error))
            return False
        except AmiError as error:
            # Written, but not acknowledged: it may be ringing. Only evidence settles it.
            log.warning("action=originate attempt=%s error=%s", attempt_id, error)
        await self._turns.acknowledged(turn, time.monotonic() - written_at)
        return True

    async def _not_placed(self, flight: Flight, reason: str) -> None:
        self._flights.remove(flight)
        await asyncio.to_thread(
            self._store.calls.record_without_call,
            flight.attempt_id,
            Outcome.NOT_PLACED,
            self._clock.now(),
            reason,
        )
        self._final(flight, Outcome.NOT_PLACED, None)
