"""Attempts as the originator moves them: claim, release, dialing; and where they stand."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.attempt import State, sources
from campaign.eligibility import CustomerRow
from campaign.file import Campaign
from campaign.history import History
from campaign.outcome import Outcome
from campaign.permission import Permission
from campaign.reason import Reason
from campaign.selection import Refusal
from campaign.source import Source
from campaign.store import customers
from campaign.store.database import Database, DuplicateOpenError, StoreError
from campaign.store.histories import read_history
from campaign.store.times import aware, from_database, to_database


@dataclass(frozen=True)
class Claim:
    """A row to be inserted."""

    attempt_id: str
    run_id: str
    customer_id: str
    number: str
    """The one that is dialled."""
    numbers: tuple[str, ...]
    """All of the customer's, the dialled one among them."""
    person: str
    trunk: str
    prompt: str
    prompt_hash: str | None
    """What exactly it says; None: nobody knows, there is no hash beside it on the PBX."""
    pbx: str
    pbx_boot: str
    permission: Permission


@dataclass(frozen=True)
class OpenAttempt:
    """An attempt that is not final."""

    attempt_id: str
    run_id: str
    number: str
    trunk: str
    state: State
    claimed_at: datetime
    dialing_at: datetime | None
    deadline_at: datetime | None
    pbx: str
    pbx_boot: str
    run_silent: timedelta
    """Since the last heartbeat of its run, by the database's clock."""
    run_ended: bool


@dataclass(frozen=True)
class Standing:
    """Where one attempt stands."""

    state: State
    outcome: Outcome | None
    heard_seconds: float | None


Check = Callable[[CustomerRow | None, History], Refusal | None]
"""Given the customer as he stands now and his history: why he may not be called, or None."""

TEST_SOURCE = "test"
"""The source of a test call, whose customer is the number itself."""


class Attempts:
    """The rows of overdue_attempt, as the originator writes them."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def claim(
        self, claim: Claim, campaign: Campaign, source: Source | None, check: Check, now: datetime
    ) -> Refusal | None:
        """Insert the attempt unless somebody or something is against it; returns why, or None.

        The inserts come first: a second claim for the same customer, person or one of his numbers
        waits for this one's end, and what ``check`` then reads is what is committed. A number on
        the do-not-call list is refused before any check. ``source``: None for a test call.
        """
        try:
            with self._database.transaction() as transaction:
                transaction.run(
                    "claim",
                    id=claim.attempt_id,
                    run_id=claim.run_id,
                    source=source.customers if source else TEST_SOURCE,
                    customer_id=claim.customer_id,
                    number=claim.number,
                    person=claim.person,
                    trunk=claim.trunk,
                    prompt=claim.prompt,
                    prompt_hash=claim.prompt_hash,
                    pbx=claim.pbx,
                    pbx_boot=claim.pbx_boot,
                    law=claim.permission.law,
                    law_version=claim.permission.law_version,
                    verdict=claim.permission.verdict,
                    now=to_database(now),
                )
                # In one order for everybody: two who share several numbers do not block each other.
                for number in sorted(claim.numbers):
                    transaction.run(
                        "claim_number", id=claim.attempt_id, number=number, now=to_database(now)
                    )
                history = read_history(
                    transaction, {claim.person}, claim.numbers, campaign, now,
                    except_attempt=claim.attempt_id,
                )  # fmt: skip
                row = (
                    customers.read_again(transaction, source, claim.customer_id) if source else None
                )
                if claim.number in history.do_not_call:
                    refusal: Refusal | None = Refusal(claim.customer_id, Reason.DO_NOT_CALL)
                else:
                    refusal = check(row, history)
                if refusal is not None:
                    transaction.abandon()
        except DuplicateOpenError:
            return Refusal(claim.customer_id, Reason.OPEN_ATTEMPT)
        return refusal

    def history(
        self,
        persons: Collection[str],
        numbers: Collection[str],
        campaign: Campaign,
        now: datetime,
    ) -> History:
        """Earlier calls that bear on calls to these persons and numbers now."""
        with self._database.transaction() as transaction:
            return read_history(transaction, persons, numbers, campaign, now)

    def release(self, attempt_id: str, now: datetime) -> None:
        """Commit that a claimed attempt is not sent; StoreError if it was no longer claimed."""
        with self._database.transaction() as transaction:
            released = transaction.run(
                "release",
                id=attempt_id,
                sources=sources(State.RELEASED),
                now=to_database(now),
            )
            if released != 1:
                raise StoreError(
                    f"attempt {attempt_id} could not become {State.RELEASED}: another moved it"
                )
            transaction.run("free_numbers", id=attempt_id)

    def standing(self, attempt_ids: Collection[str]) -> dict[str, Standing]:
        """Where these attempts stand."""
        if not attempt_ids:
            return {}
        with self._database.transaction() as transaction:
            rows = transaction.rows("attempts_by_id", ids=list(attempt_ids))
        return {
            row["id"]: Standing(
                State(row["state"]),
                Outcome(row["outcome"]) if row["outcome"] else None,
                None if row["heard_seconds"] is None else float(row["heard_seconds"]),
            )
            for row in rows
        }

    def open(self) -> list[OpenAttempt]:
        """All attempts that are not final, of every run and host, oldest first."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("open_attempts")
        return [
            OpenAttempt(
                attempt_id=row["id"],
                run_id=row["run_id"],
                number=row["number"],
                trunk=row["trunk"],
                state=State(row["state"]),
                claimed_at=aware(row["claimed_at"]),
                dialing_at=from_database(row["dialing_at"]),
                deadline_at=from_database(row["deadline_at"]),
                pbx=row["pbx"],
                pbx_boot=row["pbx_boot"],
                run_silent=timedelta(microseconds=row["run_silent_us"]),
                run_ended=row["run_ended_at"] is not None,
            )
            for row in rows
        ]
