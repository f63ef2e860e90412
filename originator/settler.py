"""Gathers the evidence on attempts whose end was not reported, and writes the verdict."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from campaign.attempt import State
from campaign.clock import Clock
from campaign.journal import CallEnd
from campaign.outcome import Outcome
from campaign.store import Store, StoreError
from campaign.store.attempts import OpenAttempt
from originator.pbx import Pbx, Probe
from originator.settle import Evidence, Verdict, decide

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""A run whose heartbeat is older is over; the heart beats every 10 s."""


@dataclass(frozen=True)
class Settler:
    """Settles attempts of one PBX."""

    store: Store
    pbx: Pbx
    probe: Probe
    clock: Clock
    grace: timedelta

    async def settle(self, attempts: Sequence[OpenAttempt]) -> int:
        """Settle what can be settled now; returns how many became final."""
        if not attempts:
            return 0
        live = await self.pbx.live_calls()
        boot = await self.pbx.boot()
        proved = await self.pbx.probe_readable(self.probe)
        settled = 0
        for attempt in attempts:
            try:
                settled += await self._settle_one(attempt, live, boot, proved=proved)
            except StoreError as error:
                log.warning("action=settle attempt=%s error=%s", attempt.attempt_id, error)
        return settled

    async def expired(self) -> list[OpenAttempt]:
        """Open attempts on this PBX whose run is over: closed, or its lease has run out."""
        now = self.clock.now()
        return [
            attempt
            for attempt in await asyncio.to_thread(self.store.attempts.open)
            if attempt.pbx == self.pbx.link.name
            and (attempt.run_ended or now - attempt.run_heartbeat_at > LEASE)
        ]

    async def _settle_one(
        self, attempt: OpenAttempt, live: set[str], boot: str, *, proved: bool
    ) -> bool:
        if attempt.state is State.CLAIMED:
            return await self._release(attempt.attempt_id)
        evidence = Evidence(
            live=attempt.attempt_id in live,
            journal=await self.pbx.journal_entry(attempt.attempt_id),
            journal_proved=proved,
            same_boot=boot == attempt.pbx_boot,
            grace_over=self.clock.now() - attempt.claimed_at > self.grace,
        )
        verdict, reason = decide(attempt.attempt_id, evidence, self.pbx.secret)
        if verdict is Verdict.WAIT:
            return False
        await asyncio.to_thread(self._write, attempt.attempt_id, verdict, reason)
        return True

    async def _release(self, attempt_id: str) -> bool:
        try:
            await asyncio.to_thread(self.store.attempts.release, attempt_id, self.clock.now())
        except StoreError as error:
            log.warning("action=settle attempt=%s error=%s", attempt_id, error)
            return False
        log.info("action=released attempt=%s reason=never_sent", attempt_id)
        return True

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
