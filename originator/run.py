"""One run of a campaign: select, claim, pace, push through AMI, wait for the last call."""

import asyncio
import logging
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ulid import ULID

from campaign.clock import Clock
from campaign.eligibility import Candidate
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.hours import Closed, window
from campaign.outcome import Outcome, OutcomeClass
from campaign.reason import Reason
from campaign.selection import Refusal
from campaign.store import Store, StoreError
from campaign.store.attempts import Claim
from originator.ami import ActionError, AmiError, AmiLink, AmiRefusedError, Event, NotSentError
from originator.flight import Flight
from originator.one_sentence import one_sentence
from originator.originate import originate
from originator.pace import Pace
from originator.pbx import Pbx, Probe
from originator.progress import Watcher
from originator.select import Selection
from originator.settler import Settler

log = logging.getLogger(__name__)

DIALERS = 4
"""Claims under way at once: a claim waits for the disk, not for us."""
GRACE_SECONDS = 60
"""After ring time and call limit, before evidence is asked for."""
HEARTBEAT_SECONDS = 10.0
COMMIT_AHEAD_SECONDS = 0.25
"""How long before its turn a call is committed: the pace must not wait for the disk, and what is
committed but not sent when the run is killed is settled only after the whole grace time."""
FOLLOW_SECONDS = 0.2
DATABASE_PATIENCE_SECONDS = 60.0
RECONNECT_LONGEST_SECONDS = 30.0


@dataclass
class Summary:
    """What came of a run."""

    run_id: str
    started_at: datetime
    stop_reason: str = "done"
    customers: int = 0
    calls: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    refusals: Counter[Reason] = field(default_factory=Counter)


class Run:
    """One run on one PBX."""

    def __init__(
        self,
        *,
        run_id: str,
        campaign: Campaign,
        selection: Selection,
        store: Store,
        link: AmiLink,
        probe: Probe,
        boot: str,
        clock: Clock,
        watcher: Watcher,
        limit: int | None,
    ) -> None:
        """``limit``: at most so many calls; the link is up and the preflight has passed."""
        self._campaign = campaign
        self._selection = selection
        self._store = store
        self._link = link
        self._pbx = Pbx(link)
        self._boot = boot
        self._clock = clock
        self._watcher = watcher
        self._limit = limit
        self._pace = Pace(campaign.trunk.calls_per_second)
        self._lines = asyncio.Semaphore(campaign.trunk.max_calls)
        self._flights: dict[str, Flight] = {}
        self._stop: str | None = None
        self._stopped = asyncio.Event()
        self._began = time.monotonic()
        self._probe = probe
        timing = campaign.timing
        self._longest_call = timedelta(seconds=timing.ring_seconds + timing.call_seconds)
        grace = self._longest_call + timedelta(seconds=GRACE_SECONDS)
        self._settler = Settler(store, self._pbx, probe, clock, grace)
        self.summary = Summary(run_id, clock.now())

    def stop(self, reason: str) -> None:
        """Make no new calls; those that are up go on to their end. The first reason stays."""
        if self._stop is None:
            self._stop = reason
            self._stopped.set()
            self._watcher.notice(f"no new calls: {reason}")

    async def go(self) -> Summary:
        """Work until nothing is due, or something stops it; every attempt is final at the end.

        An OverdueError where the database or the PBX is away before the first call.
        """
        try:
            await self._work()
        except ExceptionGroup as group:
            # An operator reads one sentence, not the tree of our tasks.
            if (expected := one_sentence(group)) is None:
                raise
            raise expected from group
        self.summary.stop_reason = self._stop or "done"
        return self.summary

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as group:
            background = [
                group.create_task(work) for work in (self._hear(), self._follow(), self._beat())
            ]
            await self._passes()
            await self._sweep()
            for task in background:
                task.cancel()

    async def _passes(self) -> None:
        await self._settle_expired()
        await self._sweep()
        while True:
            await self._one_pass()
            await self._all_final()
            await self._give_back()
            again = await self._next_due()
            if again is None or self._stop:
                return
            self._watcher.notice(f"the next customer is due at {again:%H:%M:%S} UTC")
            await self._wait_until(again)

    async def _one_pass(self) -> None:
        queue: asyncio.Queue[Candidate | None] = asyncio.Queue(DIALERS)
        self.summary.refusals.clear()
        self.summary.customers = 0
        pages = self._selection.verdicts(self._clock.now())
        async with asyncio.TaskGroup() as dialers:
            for _ in range(DIALERS):
                dialers.create_task(self._dial(queue))
            while not self._stop and (page := await self._next_page(pages)):
                self.summary.customers += len(page)
                for verdict in page:
                    if isinstance(verdict, Refusal):
                        self.summary.refusals[verdict.reason] += 1
                    elif not self._stop:
                        await queue.put(verdict)
            for _ in range(DIALERS):
                await queue.put(None)

    async def _next_page(
        self, pages: Iterator[list[Candidate | Refusal]]
    ) -> list[Candidate | Refusal] | None:
        """The next verdicts; a database that is away means no new calls."""
        try:
            return await asyncio.to_thread(next, pages, None)
        except StoreError as error:
            log.warning("action=select %s", error)
            self.stop("database_away")
            return None

    async def _dial(self, queue: asyncio.Queue[Candidate | None]) -> None:
        while (candidate := await queue.get()) is not None:
            if self._stop:
                continue
            await self._lines.acquire()
            flying = False
            try:
                flying = await self._patiently(candidate)
            finally:
                if not flying:
                    self._lines.release()

    async def _patiently(self, candidate: Candidate) -> bool:
        """Call one customer; wait for a database that is away, and stop the run if it stays so."""
        patience = time.monotonic() + DATABASE_PATIENCE_SECONDS
        while not self._stop and await self._may_go_on():
            try:
                return await self._call(candidate)
            except NotSentError:
                continue
            except StoreError as error:
                log.warning("action=database_away %s", error)
                if time.monotonic() > patience:
                    self.stop("database_away")
                await self._pause(1.0)
        return False

    async def _may_go_on(self) -> bool:
        timing = self._campaign.timing
        allowed = timing.run_seconds + timing.run_seconds_per_customer * (self.summary.calls + 1)
        if time.monotonic() - self._began > allowed:
            self.stop("run_time_over")
        elif self._limit is not None and self.summary.calls >= self._limit:
            self.stop("limit_reached")
        elif isinstance(self._window(), Closed):
            self.stop("outside_hours")
        while not self._link.up and not self._stop:
            await self._pause(0.2)
        return self._stop is None

    def _window(self) -> object:
        return window(
            self._campaign.law, self._campaign.time_zone, self._clock.now(), self._longest_call
        )

    async def _call(self, candidate: Candidate) -> bool:
        """Claim, wait for the turn, commit, write; True when a call holds a line now.

        NotSentError: the claim was given back, because of a stop or a lost link before its turn.
        """
        campaign = self._campaign
        attempt_id = str(ULID())
        now = self._clock.now()
        claim = Claim(
            attempt_id=attempt_id,
            run_id=self.summary.run_id,
            customer_id=candidate.customer_id,
            number=candidate.number.digits,
            person=candidate.person,
            trunk=f"{campaign.trunk.technology}/{campaign.trunk.name}",
            prompt=campaign.prompt,
            pbx=self._link.name,
            pbx_boot=self._boot,
        )
        refusal = await asyncio.to_thread(
            self._store.attempts.claim,
            claim,
            self._selection.source,
            lambda row, history: self._selection.check(candidate, row, history, now),
            now,
        )
        if refusal is not None:
            self.summary.refusals[refusal.reason] += 1
            return False
        if self._stop or not self._within_limit():
            await self._release(attempt_id)
            return False
        self.summary.calls += 1
        turn = time.monotonic() + self._pace.slot(time.monotonic())
        await self._pause(turn - COMMIT_AHEAD_SECONDS - time.monotonic())
        try:
            if self._stop or not self._link.up:
                await self._release(attempt_id)
                raise NotSentError("stopped, or the AMI link is down")
            await self._commit_dialing(attempt_id)
        except OverdueError:
            self.summary.calls -= 1
            raise
        await self._pause(turn - time.monotonic())
        return await self._send(attempt_id, candidate)

    async def _release(self, attempt_id: str) -> None:
        await asyncio.to_thread(self._store.attempts.release, attempt_id, self._clock.now())

    def _within_limit(self) -> bool:
        return self._limit is None or self.summary.calls < self._limit

    async def _commit_dialing(self, attempt_id: str) -> None:
        now = self._clock.now()
        deadline = now + self._longest_call + timedelta(seconds=GRACE_SECONDS)
        await asyncio.to_thread(self._store.attempts.mark_dialing, attempt_id, now, deadline)

    async def _send(self, attempt_id: str, candidate: Candidate) -> bool:
        campaign = self._campaign
        number = candidate.number.digits
        headers = originate(
            attempt_id, candidate.number.dialled(campaign.dial_format), campaign, campaign.prompt
        )
        if self._stop:
            await self._not_placed(attempt_id, number, f"stopped before it was sent: {self._stop}")
            return False
        longest = self._longest_call.total_seconds() + GRACE_SECONDS
        self._flights[attempt_id] = Flight(attempt_id, number, time.monotonic() + longest)
        self._watcher.dialing(attempt_id, number)
        try:
            await self._link.action("Originate", **headers)
        except NotSentError as error:
            del self._flights[attempt_id]
            await self._not_placed(attempt_id, number, str(error))
            return False
        except ActionError as error:
            del self._flights[attempt_id]
            await self._not_placed(attempt_id, number, str(error))
            self.stop(f"originate_refused: {error}")
            return False
        except AmiError as error:
            # Written, but not acknowledged: it may be ringing. Only evidence settles it.
            log.warning("action=originate attempt=%s error=%s", attempt_id, error)
        return True

    async def _not_placed(self, attempt_id: str, number: str, reason: str) -> None:
        await asyncio.to_thread(
            self._store.calls.record_without_call,
            attempt_id,
            Outcome.NOT_PLACED,
            self._clock.now(),
            reason,
        )
        self._count(attempt_id, number, Outcome.NOT_PLACED, None)

    async def _hear(self) -> None:
        """Take the PBX's events, one after the other."""
        while True:
            event = await self._link.events.get()
            if event.name == "LinkDown":
                await self._reconnect()
            elif flight := self._flights.get(event["uniqueid"]):
                self._hear_of(flight, event)

    def _hear_of(self, flight: Flight, event: Event) -> None:
        if event.name == "Hangup":
            flight.over_at = time.monotonic()
            self._free_line(flight)
        elif event.name == "OriginateResponse":
            if event["response"] == "Success":
                self._watcher.answered(flight.attempt_id, flight.number)
            elif flight.over_at is None:
                # Alone it proves nothing, but a Hangup is due now or has never had a channel.
                flight.over_at = time.monotonic()

    async def _reconnect(self) -> None:
        """Try with growing pauses; nothing is sent again, and what ended unheard is noticed."""
        pause = 1.0
        self._watcher.notice("the AMI link is lost: calls go on, no new ones")
        while True:
            # Those of before: what is sent once the link is up may not have its channel yet.
            before = list(self._flights.values())
            try:
                await self._link.connect()
                await self._catch_up(before)
            except AmiRefusedError as error:
                self.stop(str(error))
                return
            except AmiError as error:
                log.warning("action=reconnect %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, RECONNECT_LONGEST_SECONDS)
            else:
                self._watcher.notice("the AMI link is back")
                return

    async def _catch_up(self, flights: Sequence[Flight]) -> None:
        boot = await self._pbx.boot()
        if boot != self._boot:
            self._watcher.notice("the PBX has restarted")
            self._boot = boot
        live = await self._pbx.live_calls()
        for flight in flights:
            if flight.attempt_id not in live and flight.over_at is None:
                flight.over_at = time.monotonic()
                self._free_line(flight)

    async def _follow(self) -> None:
        """Look up what has become of the calls that are over, and miss those that are silent."""
        while True:
            await asyncio.sleep(FOLLOW_SECONDS)
            try:
                await self._take_outcomes()
                await self._ask_for_missed()
            except (StoreError, AmiError) as error:
                log.warning("action=follow %s", error)

    async def _take_outcomes(self) -> None:
        now = time.monotonic()
        over = [f.attempt_id for f in self._flights.values() if f.over_at or now > f.deadline]
        standing = await asyncio.to_thread(self._store.attempts.standing, over)
        for attempt_id, where in standing.items():
            if where.outcome is None:
                continue
            flight = self._flights.pop(attempt_id)
            self._free_line(flight)
            self._count(attempt_id, flight.number, where.outcome, where.heard_seconds)

    async def _ask_for_missed(self) -> None:
        now = time.monotonic()
        missed = {f.attempt_id: f for f in self._flights.values() if f.missed(now)}
        if not missed or not self._link.up:
            return
        for flight in missed.values():
            flight.asked_at = now
        attempts = await asyncio.to_thread(self._store.attempts.open)
        await self._settler.settle([a for a in attempts if a.attempt_id in missed])

    def _count(
        self, attempt_id: str, number: str, outcome: Outcome, heard_seconds: float | None
    ) -> None:
        self.summary.outcomes[outcome] += 1
        self._watcher.ended(attempt_id, number, outcome, heard_seconds)
        if outcome.outcome_class is OutcomeClass.OURS and outcome is not Outcome.NOT_PLACED:
            self.stop(f"our_mistake: {outcome} (the trunk's codecs: allow=ulaw,alaw)")

    def _free_line(self, flight: Flight) -> None:
        if flight.holds_line:
            flight.holds_line = False
            self._lines.release()

    async def _all_final(self) -> None:
        """Wait for the last outcome; what no evidence settles in time is left to the next run."""
        while self._flights:
            last = max(flight.deadline for flight in self._flights.values())
            if time.monotonic() > last + GRACE_SECONDS:
                self.stop("unsettled_attempts")
                return
            await asyncio.sleep(FOLLOW_SECONDS)

    async def _give_back(self) -> None:
        """Release what this run claimed and, with the database away, neither sent nor released."""
        try:
            attempts = await asyncio.to_thread(self._store.attempts.open)
            own = [a for a in attempts if a.run_id == self.summary.run_id]
            await self._settler.settle([a for a in own if a.attempt_id not in self._flights])
        except (StoreError, AmiError) as error:
            log.warning("action=give_back %s", error)  # the next run settles it

    async def _next_due(self) -> datetime | None:
        """The next moment within `retry_wait` at which somebody may be called again."""
        wait = self._campaign.timing.retry_wait_seconds
        if wait == 0 or self._stop:
            return None
        now = self._clock.now()
        pages = self._selection.verdicts(now)
        moments: list[datetime] = []
        while page := await self._next_page(pages):
            for verdict in page:
                if isinstance(verdict, Candidate):
                    moments.append(now)
                elif verdict.not_before is not None:
                    moments.append(verdict.not_before)
        soonest = min(moments, default=None)
        if soonest is None or soonest - now > timedelta(seconds=wait):
            return None
        return soonest

    async def _wait_until(self, moment: datetime) -> None:
        while not self._stop and (left := moment - self._clock.now()) > timedelta(0):
            await self._pause(min(left.total_seconds(), 1.0))

    async def _pause(self, seconds: float) -> None:
        """Sleep, but no longer than until the run is stopped."""
        if seconds <= 0:
            return
        try:
            await asyncio.wait_for(self._stopped.wait(), seconds)
        except TimeoutError:
            return

    async def _settle_expired(self) -> None:
        settled = await self._settler.settle(await self._settler.expired())
        if settled:
            self._watcher.notice(f"{settled} attempts of earlier runs were settled")

    async def _sweep(self) -> None:
        try:
            await self._pbx.sweep()
        except AmiError as error:
            log.warning("action=sweep %s", error)  # the next run's sweep brings it

    async def _beat(self) -> None:
        while True:
            try:
                await asyncio.to_thread(
                    self._store.runs.beat, self.summary.run_id, self._clock.now()
                )
            except StoreError as error:
                log.warning("action=beat %s", error)
            await asyncio.sleep(HEARTBEAT_SECONDS)
