"""One run of a campaign: go through the customers, call those who are due, wait for the last."""

import asyncio
import logging
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from campaign.attempt import State
from campaign.clock import SteadyClock
from campaign.eligibility import Candidate
from campaign.file import Campaign
from campaign.outcome import Outcome, OutcomeClass
from campaign.reason import Reason
from campaign.selection import Refusal
from campaign.store import Store, StoreError
from originator.ami import AmiError, NotSentError
from originator.dialer import Dialer
from originator.flights import Flight, Flights
from originator.gate import Gate
from originator.lines import Lines
from originator.listen import Listener
from originator.look_again import LookAgain
from originator.patience import Patience
from originator.pbx import Pbx, Probe
from originator.progress import Watcher
from originator.select import Page, Selection
from originator.settler import Decision, Settler
from originator.sight import Sight
from originator.stop import Stop
from originator.stop_reason import StopReason
from originator.summary import Summary
from originator.sweeping import sweep
from originator.trunk_watch import TrunkWatch
from originator.turns import NoTrunkError, Turns
from originator.waiting_notice import waiting_notices

log = logging.getLogger(__name__)

DIALERS = 4
"""Claims under way at once: a claim waits for the disk, not for us."""
UNPACED_DIALERS = 2
"""Without a pace more of them begin calls faster than those who answer can be served."""
HEARTBEAT_SECONDS = 10.0
SETTLE_SECONDS = 15.0
TRUNK_POLL_SECONDS = 0.25
_TO_MEND = {
    Outcome.CODEC_MISMATCH: "check the trunk's codecs (allow=ulaw,alaw)",
    Outcome.DESTINATION_REFUSED: "check overdue_destinations.conf",
}


class Run:
    """One run on one PBX."""

    def __init__(
        self,
        *,
        run_id: str,
        campaign: Campaign,
        selection: Selection,
        store: Store,
        pbx: Pbx,
        probe: Probe,
        boot: str,
        clock: SteadyClock,
        watcher: Watcher,
        limit: int | None,
    ) -> None:
        """``limit``: at most so many calls; the link is up and the preflight has passed."""
        self.summary = Summary(run_id)
        self.stop = Stop(watcher.notice)
        self._campaign = campaign
        self._gate = Gate(campaign, clock, self.stop)
        self._selection = selection
        self._store = store
        self._clock = clock
        self._watcher = watcher
        self._pbx = pbx
        self._look_again = LookAgain()
        longest = campaign.longest_call
        self._settler = Settler(store, self._pbx, probe, clock)
        self._lines = Lines(campaign)
        self._flights = Flights(
            store.attempts,
            self._settler,
            self._lines,
            longest_seconds=longest.total_seconds(),
            grace_seconds=campaign.timing.grace_seconds,
            final=self._count,
        )
        self._sight = Sight(pbx.link, boot)
        self._trunk_watch = TrunkWatch(campaign, store.trunks, watcher)
        self._listener = Listener(self._pbx, self._sight, self._flights, watcher, self.stop)
        self._turns = Turns(
            campaign=campaign,
            run_id=run_id,
            store=store,
            flights=self._flights,
            lines=self._lines,
            sight=self._sight,
            gate=self._gate,
            clock=clock,
            stop=self.stop,
        )
        self._dialer = Dialer(
            campaign=campaign,
            selection=selection,
            store=store,
            pbx=self._pbx,
            prompt_hash=probe.prompt_hash,
            sight=self._sight,
            flights=self._flights,
            turns=self._turns,
            gate=self._gate,
            clock=clock,
            watcher=watcher,
            stop=self.stop,
            summary=self.summary,
            limit=limit,
            final=self._count,
            other_number=self._look_again.at,
        )
        self._began = time.monotonic()

    async def go(self) -> Summary:
        """Work until nothing is due, or something stops it; every attempt is final at the end."""
        async with asyncio.TaskGroup() as group:
            background = [
                group.create_task(work)
                for work in (
                    self._listener.listen(),
                    self._flights.follow(),
                    self._beat(),
                    self._settle_expired(),
                    self._trunk_watch.watch(),
                )
            ]
            for notice in waiting_notices(await self._settle_once()):
                self._watcher.notice(notice)
            await self._sweep()
            if self._campaign.is_paced:
                await self._turns.read_clock()
            await self._passes()
            await self._sweep()
            for task in background:
                task.cancel()
        self.summary.stop_reason = self.stop.reason or StopReason.DONE
        self.summary.stop_detail = self.stop.detail
        return self.summary

    async def _passes(self) -> None:
        while True:
            await self._one_pass()
            await self._last_outcomes()
            while not self.stop and (customer_ids := await self._whom_again()):
                await self._call_again(customer_ids)
                await self._last_outcomes()
            if await self._give_back() and not self.stop:
                continue  # their customers are due
            again = await self._next_due()
            if again is None:
                break
            await self._wait_for_next(again)
        if not self.stop and self._look_again.given_up(self._trunk_watch.paused):
            self.stop.ask(StopReason.TRUNK_FAILED)

    async def _one_pass(self) -> None:
        self.summary.refusals.clear()
        self.summary.customers = 0
        await self._call_all(self._counted(self._selection.verdicts(self._clock.now())))

    async def _whom_again(self) -> list[str]:
        """Whom to look at again, now that every call is over."""
        await self._trunk_watch.look()
        return self._look_again.take(self._trunk_watch.paused)

    async def _call_again(self, customer_ids: list[str]) -> None:
        """Call these once more; whom the network has just failed, after his back-off."""
        now = self._clock.now()
        back_offs: list[datetime] = []
        await self._call_all(self._verdicts_again(customer_ids, now, back_offs))
        if back_offs and not self._flights.all():
            await self._wait_for_next(min(back_offs))

    def _verdicts_again(
        self, customer_ids: list[str], now: datetime, back_offs: list[datetime]
    ) -> Iterator[Page]:
        for customer_id in customer_ids:
            verdict = self._selection.again(customer_id, now)
            if (
                isinstance(verdict, Refusal)
                and verdict.reason is Reason.BACK_OFF
                and verdict.not_before is not None
            ):
                back_offs.append(verdict.not_before)
                self._look_again.at(customer_id)
            else:
                yield Page([verdict])

    def _counted(self, pages: Iterator[Page]) -> Iterator[Page]:
        for page in pages:
            self.summary.customers += len(page.candidates) + page.reasons.total()
            yield page

    async def _call_all(self, pages: Iterator[Page]) -> None:
        queue: asyncio.Queue[Candidate | None] = asyncio.Queue(DIALERS)
        count = DIALERS if self._campaign.is_paced else UNPACED_DIALERS
        async with asyncio.TaskGroup() as dialers:
            for _ in range(count):
                dialers.create_task(self._dial(queue))
            while self._dialer.wants_more and (page := await self._next_page(pages)):
                self.summary.refusals += page.reasons
                for candidate in page.candidates:
                    if self._dialer.wants_more:
                        await queue.put(candidate)
            for _ in range(count):
                await queue.put(None)
        # Only now: a stop would also take back the calls that wait for their slot.
        if self._dialer.at_limit:
            self.stop.ask(StopReason.LIMIT_REACHED)
        if self._turns.day_over:
            self.stop.ask(self._turns.day_over)

    async def _last_outcomes(self) -> None:
        if not await self._flights.all_final():
            self.stop.ask(StopReason.UNSETTLED_ATTEMPTS)

    async def _next_page(self, pages: Iterator[Page]) -> Page | None:
        """The next verdicts; a database that is away means no new calls."""
        try:
            return await asyncio.to_thread(next, pages, None)
        except StoreError as error:
            log.warning("action=select %s", error)
            self.stop.ask(StopReason.DATABASE_AWAY)
            return None

    async def _dial(self, queue: asyncio.Queue[Candidate | None]) -> None:
        while (candidate := await queue.get()) is not None:
            if not self._dialer.wants_more:
                continue
            await self._lines.take()
            flies = False
            try:
                flies = await self._patiently(candidate)
            finally:
                if not flies:
                    self._lines.give_back()

    async def _patiently(self, candidate: Candidate) -> bool:
        """Call one customer; wait for a line that another originator holds, for a trunk while all
        are paused, and for a database that is away, and stop the run if that stays so."""
        patience = Patience()
        no_trunk = False
        while self._dialer.wants_more and await self._may_go_on():
            try:
                if no_trunk and not await self._turns.may_dial():
                    patience.answered()
                    await self.stop.pause(TRUNK_POLL_SECONDS)
                    continue
                return await self._dialer.call(candidate)
            except NoTrunkError:
                no_trunk = True
            except NotSentError:
                continue
            except StoreError as error:
                log.warning("action=database_away %s", error)
                if patience.over():
                    self.stop.ask(StopReason.DATABASE_AWAY)
                await self.stop.pause(1.0)
        return False

    async def _may_go_on(self) -> bool:
        """Look at every limit, and wait for a link that is being brought back."""
        self._look_at_limits()
        while not self._sight.clear and not self.stop:
            await self.stop.pause(0.2)
            self._look_at_limits()
        return not self.stop

    def _look_at_limits(self) -> None:
        limits = self._campaign.limits
        allowed = limits.run_seconds + limits.run_seconds_per_customer * (self.summary.calls + 1)
        if time.monotonic() - self._began > allowed:
            self.stop.ask(StopReason.RUN_TIME_OVER)
        self._gate.look()

    async def _give_back(self) -> int:
        """Release what this run claimed and, with the database away, neither sent nor released.

        Returns how many these were.
        """
        try:
            attempts = await asyncio.to_thread(self._store.attempts.open)
            own = [attempt for attempt in attempts if attempt.run_id == self.summary.run_id]
            decisions = await self._settler.settle([a for a in own if a.state is State.CLAIMED])
        except (StoreError, AmiError) as error:
            log.warning("action=give_back %s", error)  # the next run settles it
            return 0
        return sum(decision.result is not None for decision in decisions)

    async def _next_due(self) -> datetime | None:
        """The next moment within `retry_wait_seconds` at which somebody may be called again."""
        wait = timedelta(seconds=self._campaign.timing.retry_wait_seconds)
        if not wait or self.stop:
            return None
        now = self._clock.now()
        pages = self._selection.verdicts(now)
        moments: list[datetime] = []
        while page := await self._next_page(pages):
            if page.candidates:
                moments.append(now)
            if (moment := page.next_moment) is not None:
                moments.append(moment)
        return min((moment for moment in moments if moment - now <= wait), default=None)

    async def _wait_for_next(self, moment: datetime) -> None:
        self._watcher.notice(f"the next customer is due at {moment:%H:%M:%S} UTC")
        while not self.stop and (left := moment - self._clock.now()) > timedelta(0):
            await self.stop.pause(min(left.total_seconds(), 1.0))
            self._look_at_limits()

    def _count(self, flight: Flight, outcome: Outcome, heard_seconds: float | None) -> None:
        self.summary.outcomes[outcome] += 1
        self._look_again.outcome(flight, outcome)
        self._watcher.ended(flight.attempt_id, flight.number, outcome, heard_seconds)
        if outcome.outcome_class is OutcomeClass.OURS and outcome is not Outcome.NOT_PLACED:
            self.stop.ask(StopReason.OUR_MISTAKE, f"{outcome}: {_TO_MEND[outcome]}")

    async def _settle_expired(self) -> None:
        """Settle what runs that are over left open, as soon as the evidence allows it."""
        while True:
            await asyncio.sleep(SETTLE_SECONDS)
            try:
                await self._settle_once()
            except (StoreError, AmiError) as error:
                log.warning("action=settle %s", error)

    async def _settle_once(self) -> list[Decision]:
        decisions = await self._settler.settle_all()
        if settled := sum(decision.result is not None for decision in decisions):
            self._watcher.notice(f"{settled} attempts of earlier runs were settled")
        return decisions

    async def _sweep(self) -> None:
        try:
            await sweep(self._pbx)
        except AmiError as error:
            log.warning("action=sweep %s", error)  # the next run's sweep brings it

    async def _beat(self) -> None:
        while True:
            try:
                await asyncio.to_thread(self._store.runs.beat, self.summary.run_id)
                asked_at = self._clock.now()
                self._gate.compare(
                    asked_at, await asyncio.to_thread(self._store.runs.database_time)
                )
            except StoreError as error:
                log.warning("action=beat %s", error)
            await asyncio.sleep(HEARTBEAT_SECONDS)
