"""Attempts as the originator moves them: claim, release, dialing; and where they stand."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from campaign.attempt import State, sources
from campaign.file import Campaign
from campaign.history import History
from campaign.outcome import Outcome
from campaign.reason import Reason
from campaign.selection import Refusal
from campaign.source import Source
from campaign.store.claims import Check, Claim, insert_claim
from campaign.store.database import Database, DuplicateOpenError, StoreError
from campaign.store.histories import read_history
from campaign.store.times import aware, from_database, to_database


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


class Attempts:
    """The rows of overdue_attempt, as the originator writes them."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def claim(
        self, claim: Claim, campaign: Campaign, source: Source | None, check: Check, now: datetime
    ) -> Refusal | None:
        """Commit a claim unless somebody or something is against it; returns why, or None."""
        try:
            with self._database.transaction() as transaction:
                refusal = insert_claim(transaction, claim, campaign, source, check, now)
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
