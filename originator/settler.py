"""Gathers the evidence on attempts whose end was not reported, and writes the verdict."""

import asyncio
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.attempt import State
from campaign.clock import Clock
from campaign.journal import CallEnd
from campaign.outcome import Outcome
from campaign.store import Store, StoreError
from campaign.store.attempts import OpenAttempt
from originator.lease import lease_left, run_over
from originator.pbx import TRUNK_TROUBLE, Pbx, Probe
from originator.settle import Evidence, Verdict, decide

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Decision:
    """What was decided about one attempt, and why."""

    attempt: OpenAttempt
    result: str | None
    """Its outcome, or ``released``; None: it stays open."""
    reason: str
    until: datetime | None = None
    """When it can be decided at the latest, where it waits for a time."""


@dataclass(frozen=True)
class Settler:
    """Settles attempts of one PBX."""

    store: Store
    pbx: Pbx
    probe: Probe
    clock: Clock

    async def settle(
        self, attempts: Sequence[OpenAttempt], never_up: Collection[str] = ()
    ) -> list[Decision]:
        """Settle what can be settled now; says of every attempt what was decided.

        ``never_up``: attempts whose Originate failed without a channel, as the run heard.
        """
        if not attempts:
            return []
        live = await self.pbx.live_calls()
        boot = await self.pbx.boot()
        proved = await self.pbx.probe_readable(self.probe)
        decisions = []
        for attempt in attempts:
            try:
                decision = await self._settle_one(
                    attempt, live, boot, proved=proved, never_up=attempt.attempt_id in never_up
                )
            except StoreError as error:
                decision = Decision(attempt, None, str(error))
                log.warning("action=settle attempt=%s error=%s", attempt.attempt_id, error)
            decisions.append(decision)
        return decisions

    async def settle_all(self) -> list[Decision]:
        """Go through every open attempt; those of runs that live, or of other PBXs, are left."""
        now = self.clock.now()
        free, left = [], []
        for attempt in await asyncio.to_thread(self.store.attempts.open):
            decision = self._left_alone(attempt, now)
            if decision is None:
                free.append(attempt)
            else:
                left.append(decision)
        return [*await self.settle(free), *left]

    def _left_alone(self, attempt: OpenAttempt, now: datetime) -> Decision | None:
        if attempt.pbx != self.pbx.link.name:
            why = f"it is a call of the PBX {attempt.pbx}: settle it with that ASTERISK_HOST"
            return Decision(attempt, None, why)
        if not run_over(attempt):
            silent = attempt.run_silent.total_seconds()
            why = f"its run gave a sign of life {silent:.0f} s ago"
            return Decision(attempt, None, why, now + lease_left(attempt))
        return None

    async def _settle_one(
        self,
        attempt: OpenAttempt,
        live: set[str],
        boot: str,
        *,
        proved: bool,
        never_up: bool,
    ) -> Decision:
        if attempt.state is State.CLAIMED:
            return await self._release(attempt)
        deadline = attempt.deadline_at or attempt.claimed_at
        evidence = Evidence(
            live=attempt.attempt_id in live,
            journal=await self.pbx.journal_entry(attempt.attempt_id),
            journal_proved=proved,
            same_boot=boot == attempt.pbx_boot,
            grace_over=self.clock.now() > deadline,
            never_up=never_up,
            trunk_down=never_up and await self.pbx.trunk_state(attempt.trunk) in TRUNK_TROUBLE,
        )
        verdict, reason = decide(attempt.attempt_id, evidence, self.pbx.secret)
        if verdict is Verdict.WAIT:
            return Decision(attempt, None, reason, deadline)
        await asyncio.to_thread(self._write, attempt.attempt_id, verdict, reason)
        # What was heard may have decided in place of the verdict.
        standing = await asyncio.to_thread(self.store.attempts.standing, [attempt.attempt_id])
        return Decision(attempt, standing[attempt.attempt_id].outcome, reason)

    async def _release(self, attempt: OpenAttempt) -> Decision:
        await asyncio.to_thread(self.store.attempts.release, attempt.attempt_id, self.clock.now())
        log.info("action=released attempt=%s reason=never_sent", attempt.attempt_id)
        return Decision(attempt, State.RELEASED, "claimed, and never sent to the PBX")

    def _write(self, attempt_id: str, verdict: Verdict | CallEnd, reason: str) -> None:
        if isinstance(verdict, CallEnd):
            result = self.store.calls.record_end(attempt_id, verdict)
            log.info("action=settle attempt=%s result=%s reason=%s", attempt_id, result, reason)
            return
        # Between reading the row and asking the PBX the end may have been recorded and its entry
        # deleted: record_without_call leaves a final row as it is.
        written = self.store.calls.record_without_call(
            attempt_id, Outcome(verdict.value), self.clock.now(), reason
        )
        if written:
            log.warning(
                "action=settle attempt=%s outcome=%s reason=%s", attempt_id, verdict, reason
            )
