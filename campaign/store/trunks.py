"""Trunks as all originators share them: whose call comes next, and whether a line is free.

Everything is decided under the lock of the trunk's row and by the database's clock, so that the
limits hold across runs, hosts and restarts.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.attempt import State, sources
from campaign.pace import AHEAD, next_slot
from campaign.store.database import Database, Row, StoreError, Transaction
from campaign.store.times import to_database

LET_GO_SECONDS = 3
"""For how long an attempt of another run holds its line after its end was written: the PBX sends
the BYE only when the hangup handler's session is over, and a FastAGI process that hangs after its
commit is ended within 2.5 s. Of its own calls a run knows more: their Hangup."""


class MovedError(StoreError):
    """The attempt is no longer in the state from which it was to be moved."""


@dataclass(frozen=True)
class Terms:
    """What a run keeps to on its trunk."""

    trunk: str
    run_id: str
    max_calls: int
    distance: timedelta
    """Between two calls; zero: no pacing, and no slots are taken."""


@dataclass(frozen=True)
class Turn:
    """The call may leave."""

    at: float
    """Monotonic seconds."""


@dataclass(frozen=True)
class NotYet:
    """The next slot is too far ahead to be taken; nothing was written."""

    seconds: float


@dataclass(frozen=True)
class NoLine:
    """As many calls are up as the trunk allows; nothing was written."""


class Trunks:
    """The rows of overdue_trunk, and the lines that attempts hold."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def dial(
        self, attempt_id: str, terms: Terms, own_calls: int, now: datetime, deadline: datetime
    ) -> Turn | NotYet | NoLine:
        """Commit that the Originate comes next, with a line and a slot for it.

        ``own_calls``: calls of this run that hold a line. MovedError if the row was not claimed.
        """
        with self._database.transaction() as transaction:
            row, asked_at = _lock(transaction, terms)
            if row["others_calls"] + own_calls >= terms.max_calls:
                transaction.abandon()
                return NoLine()
            answer = _take_slot(transaction, terms, row, asked_at)
            if isinstance(answer, NotYet):
                transaction.abandon()
                return answer
            changed = transaction.run(
                "mark_dialing",
                id=attempt_id,
                sources=sources(State.DIALING),
                now=to_database(now),
                deadline=to_database(deadline),
            )
            if changed != 1:
                raise MovedError(
                    f"attempt {attempt_id} could not become {State.DIALING}: another moved it"
                )
        return answer

    def dial_later(
        self, attempt_id: str, terms: Terms, now: datetime, deadline: datetime
    ) -> Turn | NotYet:
        """Another slot for an attempt that is dialing, not sent yet, and keeps its line.

        MovedError: somebody has settled it meanwhile, it must not be sent.
        """
        with self._database.transaction() as transaction:
            row, asked_at = _lock(transaction, terms)
            answer = _take_slot(transaction, terms, row, asked_at)
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

    def has_line(self, terms: Terms, own_calls: int) -> bool:
        """Whether a line is free now; only `dial` can take it."""
        with self._database.transaction() as transaction:
            others = _others(transaction, terms)["others_calls"]
        return int(others) + own_calls < terms.max_calls


def _lock(transaction: Transaction, terms: Terms) -> tuple[Row, float]:
    """The trunk's row, the lines of other runs and the time, once the lock is ours.

    Without a pace there is no slot to guard, and no lock: commits then go to the disk together.
    Lines are still counted, but originators that start calls in the same instant may pass the cap
    by these; who shares a trunk sets a pace.
    """
    if not terms.distance:
        return {"last_slot_at": None, **_others(transaction, terms)}, time.monotonic()
    trunk = transaction.rows("lock_trunk", trunk=terms.trunk)
    if not trunk:
        raise StoreError(f"the trunk {terms.trunk} has no row in overdue_trunk: start `run` again")
    # Not in one statement with the lock: it would see what was committed before it waited.
    others = _others(transaction, terms)
    return {**trunk[0], **others}, time.monotonic()


def _others(transaction: Transaction, terms: Terms) -> Row:
    return transaction.rows(
        "lines_of_others", trunk=terms.trunk, run_id=terms.run_id, let_go=LET_GO_SECONDS
    )[0]


def _take_slot(transaction: Transaction, terms: Terms, row: Row, asked_at: float) -> Turn | NotYet:
    if not terms.distance:
        return Turn(asked_at)
    at = next_slot(row["last_slot_at"], row["now"], terms.distance)
    wait = at - row["now"]
    if wait > AHEAD:
        return NotYet((wait - AHEAD).total_seconds())
    transaction.run("take_slot", trunk=terms.trunk, at=at)
    return Turn(asked_at + wait.total_seconds())
