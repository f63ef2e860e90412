"""One customer's way to the wire: claim, commit, take the slot, write."""

import asyncio
import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta

from ulid import ULID

from campaign.clock import Clock
from campaign.eligibility import Candidate
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.hours import Closed, window
from campaign.outcome import Outcome
from campaign.store import Store
from campaign.store.attempts import Claim
from originator.ami import ActionError, AmiError, NotSentError
from originator.flights import Flight, Flights
from originator.listen import Listener
from originator.originate import originate
from originator.pace import Pace
from originator.pbx import Pbx
from originator.progress import Watcher
from originator.select import Selection
from originator.stop import Stop
from originator.summary import Summary

log = logging.getLogger(__name__)

COMMIT_AHEAD_SECONDS = 0.25
"""How long before its turn a call is committed: the pace must not wait for the disk, and what is
committed but not sent when a run is killed is settled only after the whole grace time."""


def longest_call(campaign: Campaign) -> timedelta:
    """Ring time and call limit."""
    return timedelta(seconds=campaign.timing.ring_seconds + campaign.timing.call_seconds)


def closed(campaign: Campaign, now: datetime) -> bool:
    """Whether the law's hours allow no call to start."""
    verdict = window(campaign.law, campaign.time_zone, now, longest_call(campaign))
    return isinstance(verdict, Closed)


class Dialer:
    """Calls customers of one run over one trunk."""

    def __init__(
        self,
        *,
        campaign: Campaign,
        selection: Selection,
        store: Store,
        pbx: Pbx,
        listener: Listener,
        flights: Flights,
        clock: Clock,
        watcher: Watcher,
        stop: Stop,
        summary: Summary,
        limit: int | None,
        final: Callable[[Flight, Outcome, float | None], None],
    ) -> None:
        """``limit``: at most so many calls; ``final``: is told of a call that was not placed."""
        self._campaign = campaign
        self._selection = selection
        self._store = store
        self._pbx = pbx
        self._listener = listener
        self._flights = flights
        self._clock = clock
        self._watcher = watcher
        self._stop = stop
        self._summary = summary
        self._limit = limit
        self._final = final
        self._pace = Pace(campaign.trunk.calls_per_second)
        self._slot = asyncio.Lock()

    @property
    def at_limit(self) -> bool:
        """Whether the run has made as many calls as it may."""
        return self._limit is not None and self._summary.calls >= self._limit

    @property
    def wants_more(self) -> bool:
        """Whether another call may be begun."""
        return not self._stop and not self.at_limit

    async def call(self, candidate: Candidate) -> bool:
        """Call one customer; True when a flight holds the line that was taken.

        Nothing was written after a StoreError (the database did not take the claim or the commit)
        or a NotSentError (a stop or a lost link before its turn: the claim was given back).
        """
        attempt_id = str(ULID())
        if not await self._claimed(attempt_id, candidate):
            return False
        if not self.wants_more:
            await asyncio.to_thread(self._store.attempts.release, attempt_id, self._clock.now())
            return False
        self._summary.calls += 1
        try:
            await self._commit_in_turn(attempt_id)
        except OverdueError:
            self._summary.calls -= 1
            raise
        return await self._write(attempt_id, candidate)

    async def _commit_in_turn(self, attempt_id: str) -> None:
        if not self._campaign.trunk.calls_per_second:
            await self._commit(attempt_id)
            return
        # One after the other: the next slot counts from when this call really leaves.
        async with self._slot:
            turn = time.monotonic() + self._pace.slot(time.monotonic())
            await self._stop.pause(turn - COMMIT_AHEAD_SECONDS - time.monotonic())
            await self._commit(attempt_id)
            await self._stop.pause(turn - time.monotonic())
            self._pace.sent(time.monotonic())

    async def _commit(self, attempt_id: str) -> None:
        """Write down that the call comes next, or give the claim back."""
        now = self._clock.now()
        if closed(self._campaign, now):
            self._stop.ask("outside_hours")
        if self._stop or not self._pbx.link.up:
            await asyncio.to_thread(self._store.attempts.release, attempt_id, now)
            raise NotSentError("stopped, or the AMI link is down")
        grace = timedelta(seconds=self._campaign.timing.grace_seconds)
        deadline = now + longest_call(self._campaign) + grace
        await asyncio.to_thread(self._store.attempts.mark_dialing, attempt_id, now, deadline)

    async def _claimed(self, attempt_id: str, candidate: Candidate) -> bool:
        campaign = self._campaign
        now = self._clock.now()
        claim = Claim(
            attempt_id=attempt_id,
            run_id=self._summary.run_id,
            customer_id=candidate.customer_id,
            number=candidate.number.digits,
            person=candidate.person,
            trunk=f"{campaign.trunk.technology}/{campaign.trunk.name}",
            prompt=campaign.prompt,
            pbx=self._pbx.link.name,
            pbx_boot=self._listener.boot,
        )
        refusal = await asyncio.to_thread(
            self._store.attempts.claim,
            claim,
            self._selection.source,
            lambda row, history: self._selection.check(candidate, row, history, now),
            now,
        )
        if refusal is not None:
            self._summary.refusals[refusal.reason] += 1
        return refusal is None

    async def _write(self, attempt_id: str, candidate: Candidate) -> bool:
        campaign = self._campaign
        headers = originate(
            attempt_id,
            candidate.number.dialled(campaign.dial_format),
            campaign,
            campaign.prompt,
            self._pbx.token(attempt_id),
        )
        flight = self._flights.add(attempt_id, candidate.number.digits)
        if self._stop:
            await self._not_placed(flight, f"stopped before it was sent: {self._stop.reason}")
            return False
        self._watcher.dialing(attempt_id, flight.number)
        try:
            await self._pbx.link.action("Originate", **headers)
        except NotSentError as error:
            await self._not_placed(flight, str(error))
            return False
        except ActionError as error:
            self._stop.ask(f"originate_refused: {error}")
            await self._not_placed(flight, str(error))
            return False
        except AmiError as error:
            # Written, but not acknowledged: it may be ringing. Only evidence settles it.
            log.warning("action=originate attempt=%s error=%s", attempt_id, error)
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
