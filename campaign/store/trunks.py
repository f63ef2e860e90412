"""Trunks as all originators share them: which one carries the next call, and when.

Everything is decided under the locks of the trunks' rows and by the database's clock, so that the
limits hold across runs, hosts and restarts.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from campaign.attempt import State, sources
from campaign.breaker import Health, Paused, ProbeDue, gate, probing
from campaign.file import Campaign
from campaign.pace import AHEAD, after_late, next_slot, spacing
from campaign.reason import Reason
from campaign.sections import Trunk
from campaign.selection import Refusal
from campaign.source import Source
from campaign.store.campaign_day import use_call
from campaign.store.claims import Check, Claim, insert_claim
from campaign.store.database import Database, DuplicateOpenError, Row, StoreError, Transaction
from campaign.store.database_clock import DatabaseClock
from campaign.store.health import health_of, write_health
from campaign.store.times import from_database, to_database

LET_GO_SECONDS = 3
"""For how long an attempt of another run holds its line after its end was written: the PBX sends
the BYE only when the hangup handler's session is over, and a FastAGI process that hangs after its
commit is ended within 2.5 s. Of its own calls a run knows more: their Hangup."""


_READINGS = 10
"""Of the database's clock before the first slot: the quickest answer tells the time."""


class MovedError(StoreError):
    """The attempt is no longer in the state from which it was to be moved."""


@dataclass(frozen=True)
class Terms:
    """What a run keeps to: the trunks and the limits of its campaign."""

    run_id: str
    campaign: Campaign


@dataclass(frozen=True)
class Turn:
    """The call may leave."""

    trunk: Trunk
    at: float
    """Monotonic seconds."""
    slot: datetime | None
    """The same by the database's clock; None: without a pace there are no slots."""


@dataclass(frozen=True)
class NotYet:
    """The next slot is too far ahead to be taken; nothing was written."""

    seconds: float


@dataclass(frozen=True)
class NoTrunk:
    """None may carry a call now: lines are taken, or all trunks are paused; nothing was written."""


@dataclass(frozen=True)
class DayOver:
    """The campaign has used up its day; nothing was written."""

    reason: str


@dataclass(frozen=True)
class _Choice:
    """The trunk that carries the next call."""

    trunk: Trunk
    row: Row
    is_probe: bool


class Trunks:
    """The rows of overdue_trunk, and the lines that attempts hold."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database
        self._clock = DatabaseClock()

    def dial(
        self,
        attempt_id: str,
        terms: Terms,
        own_calls: Mapping[str, int],
        now: datetime,
        deadline: datetime,
    ) -> Turn | NotYet | NoTrunk | DayOver:
        """Commit that the Originate comes next, with a trunk, a line and a slot for it.

        ``own_calls``: calls of this run that hold a line, by trunk. The first trunk that is in
        service is taken; one whose pause is over gets this call as its probe. MovedError if the
        row was not claimed.
        """
        with self._database.transaction() as transaction:
            choice = self._choose(transaction, terms, own_calls)
            answer = (
                self._take_slot(transaction, choice.trunk, choice.row)
                if isinstance(choice, _Choice)
                else choice
            )
            if not isinstance(choice, _Choice) or not isinstance(answer, Turn):
                transaction.abandon()
                return answer
            changed = transaction.run(
                "mark_dialing",
                id=attempt_id,
                trunk=choice.trunk.label,
                sources=sources(State.DIALING),
                now=to_database(now),
                deadline=to_database(deadline),
            )
            if changed != 1:
                raise MovedError(
                    f"attempt {attempt_id} could not become {State.DIALING}: another moved it"
                )
            if day_over := _use(transaction, choice, attempt_id, terms, now, deadline):
                transaction.abandon()
                return day_over
        return answer

    def claim_and_dial(
        self,
        claim: Claim,
        terms: Terms,
        source: Source | None,
        check: Check,
        own_calls: Mapping[str, int],
        now: datetime,
        deadline: datetime,
    ) -> Refusal | Turn | NoTrunk | DayOver:
        """Commit a claim whose Originate comes next: without a pace there is no slot to wait for.

        As `Attempts.claim` and then `dial`, in one transaction; nothing is written but for a Turn.
        """
        try:
            with self._database.transaction() as transaction:
                choice = self._choose(transaction, terms, own_calls)
                if not isinstance(choice, _Choice):
                    transaction.abandon()
                    return choice
                claim = replace(claim, trunk=choice.trunk.label)
                answer = insert_claim(
                    transaction, claim, terms.campaign, source, check, now, deadline=deadline
                ) or _use(transaction, choice, claim.attempt_id, terms, now, deadline)
                if answer is not None:
                    transaction.abandon()
                    return answer
        except DuplicateOpenError:
            return Refusal(claim.customer_id, Reason.OPEN_ATTEMPT)
        return Turn(choice.trunk, time.monotonic(), None)

    def dial_later(
        self, attempt_id: str, missed: Turn, terms: Terms, now: datetime, deadline: datetime
    ) -> Turn | NotYet:
        """Another slot for an attempt that is dialing, not sent yet, and keeps its line.

        Where nobody has taken a slot after the missed one, that is only moved: what is lost is the
        lateness, not the slot. MovedError: somebody has settled it meanwhile, it must not be sent.
        """
        with self._database.transaction() as transaction:
            trunk = missed.trunk
            row = self._look(transaction, terms, locked=missed.slot is not None)[trunk.label]
            if row["last_slot_at"] == missed.slot:
                row = row | {"last_slot_at": None}
            answer = self._take_slot(transaction, trunk, row)
            if isinstance(answer, NotYet):
                transaction.abandon()
                return answer
            changed = transaction.run(
                "dial_later",
                id=attempt_id,
                now=to_database(now),
                deadline=to_database(deadline),
            )
            if changed != 1:
                raise MovedError(f"attempt {attempt_id} is not dialing any more: not sent")
        return answer

    def came_late(self, trunk: Trunk, terms: Terms) -> None:
        """A call that left in its slot was acknowledged late: it may have come only now."""
        with self._database.transaction() as transaction:
            row = self._look(transaction, terms, locked=True)[trunk.label]
            distance = spacing(trunk.calls_per_second)
            at = after_late(row["last_slot_at"], row["now"], distance)
            transaction.run("take_slot", trunk=trunk.label, at=at)

    def may_dial(self, terms: Terms, own_calls: Mapping[str, int]) -> bool:
        """Whether a call could leave now; only `dial` can take its line."""
        with self._database.transaction() as transaction:
            rows = self._look(transaction, terms, locked=False)
        return isinstance(_choice(rows, terms.campaign, own_calls), _Choice)

    def read_clock(self, terms: Terms) -> None:
        """Learn the database's clock before slots are taken by it.

        One answer alone is off by up to half of the time that it took, and with it the first calls
        of a run from the last ones of the run before.
        """
        for _ in range(_READINGS):
            self.may_dial(terms, {})

    def troubled(self) -> dict[str, Health]:
        """The trunks whose last calls failed, by label; times are the database's."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("troubled_trunks")
        return {row["trunk"]: health_of(row) for row in rows}

    def _choose(
        self, transaction: Transaction, terms: Terms, own_calls: Mapping[str, int]
    ) -> "_Choice | NoTrunk":
        """Choose under the locks.

        Without a pace there is no slot to guard, and no lock: commits then go to the disk together.
        Lines are still counted, but originators that start calls in the same instant may pass the
        cap by these; who shares a trunk sets a pace. A probe is let through under the lock alone.
        """
        paced = terms.campaign.is_paced
        rows = self._look(transaction, terms, locked=paced)
        choice = _choice(rows, terms.campaign, own_calls)
        if isinstance(choice, _Choice) and choice.is_probe and not paced:
            rows = self._look(transaction, terms, locked=True)
            choice = _choice(rows, terms.campaign, own_calls)
        return choice

    def _look(self, transaction: Transaction, terms: Terms, *, locked: bool) -> dict[str, Row]:
        """The rows of all trunks by label, with the lines of other runs and the time."""
        if locked:
            # Not in one statement with the locks: it would see what was committed before it waited.
            transaction.rows("lock_trunks")
        asked_at = time.monotonic()
        rows = transaction.rows("trunks", run_id=terms.run_id, let_go=LET_GO_SECONDS)
        answered_at = time.monotonic()
        found = {row["trunk"]: row for row in rows}
        for trunk in terms.campaign.trunks:
            if trunk.label not in found:
                raise StoreError(
                    f"the trunk {trunk.label} has no row in overdue_trunk: start `run` again"
                )
        self._clock.learn(asked_at, rows[0]["now"], answered_at)
        return found

    def _take_slot(self, transaction: Transaction, trunk: Trunk, row: Row) -> Turn | NotYet:
        distance = spacing(trunk.calls_per_second)
        if not distance:
            return Turn(trunk, time.monotonic(), None)
        at = next_slot(row["last_slot_at"], row["now"], distance)
        if at - row["now"] > AHEAD:
            return NotYet((at - row["now"] - AHEAD).total_seconds())
        transaction.run("take_slot", trunk=trunk.label, at=at)
        return Turn(trunk, self._clock.monotonic(at), at)


def _use(
    transaction: Transaction,
    choice: _Choice,
    attempt_id: str,
    terms: Terms,
    now: datetime,
    deadline: datetime,
) -> DayOver | None:
    """Count the call that the trunk carries; with a reason against it, roll back."""
    if choice.is_probe:
        until = _now(choice.row) + (deadline - now)
        health = probing(health_of(choice.row), attempt_id, until)
        write_health(transaction, choice.trunk.label, health)
    day = now.astimezone(terms.campaign.time_zone).date()
    reason = use_call(transaction, terms.campaign, day)
    return DayOver(reason) if reason else None


def _choice(
    rows: Mapping[str, Row], campaign: Campaign, own_calls: Mapping[str, int]
) -> _Choice | NoTrunk:
    """The first trunk that may be used, in the order of the campaign."""
    up_in_all = sum(row["others_calls"] for row in rows.values()) + sum(own_calls.values())
    for trunk in campaign.trunks:
        row = rows[trunk.label]
        verdict = gate(health_of(row), _now(row))
        if isinstance(verdict, Paused):
            continue
        up = row["others_calls"] + own_calls.get(trunk.label, 0)
        if up < trunk.max_calls and up_in_all < campaign.limits.max_calls:
            return _Choice(trunk, row, is_probe=isinstance(verdict, ProbeDue))
        if not isinstance(verdict, ProbeDue):
            break  # the next trunk stands by for a failure, not for more lines
    return NoTrunk()


def _now(row: Row) -> datetime:
    now = from_database(row["now"])
    assert now is not None  # noqa: S101 (a function of the server, never NULL)
    return now
