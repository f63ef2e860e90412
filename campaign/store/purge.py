"""Removes what is older than a moment (Ley 1581 de 2012), in small transactions."""

from dataclasses import dataclass
from datetime import datetime

from campaign.store.database import Database
from campaign.store.times import to_database


@dataclass(frozen=True)
class Old:
    """What is older than a moment."""

    attempts: int
    notes: int
    runs: int
    archived_customers: int
    promises: int
    wrong_numbers: int
    inbound_calls: int
    left_open: int
    """Attempts that stay, because they are not settled."""


class Purge:
    """Attempts with their notes, runs without attempts, the archive of cycles, promises whose time
    is over, numbers that are not a customer's (a number changes its owner), and calls back.

    Bad numbers and the do-not-call list stay: they protect people.
    """

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def count(self, before: datetime) -> Old:
        """What a purge would remove."""
        with self._database.transaction() as transaction:
            (row,) = transaction.rows("count_old", before=to_database(before))
        return Old(**{name: int(value) for name, value in row.items()})

    def remove(self, before: datetime) -> None:
        """Remove it; interrupted, it goes on where it stopped when it is called again."""
        while self._remove_attempts(before) or self._remove_inbound(before):
            pass
        for statement in (
            "delete_old_runs",
            "delete_archived_customers",
            "delete_old_promises",
            "delete_wrong_numbers",
        ):
            while self._run(statement, before):
                pass

    def _remove_attempts(self, before: datetime) -> int:
        with self._database.transaction() as transaction:
            rows = transaction.rows("old_attempts", before=to_database(before))
            if not rows:
                return 0
            ids = [row["id"] for row in rows]
            for statement in ("delete_events", "delete_notes", "delete_numbers", "delete_attempts"):
                transaction.run(statement, ids=ids)
        return len(ids)

    def _remove_inbound(self, before: datetime) -> int:
        with self._database.transaction() as transaction:
            rows = transaction.rows("old_inbound", before=to_database(before))
            if rows:
                ids = [row["id"] for row in rows]
                for statement in ("delete_inbound_events", "delete_inbound"):
                    transaction.run(statement, ids=ids)
        return len(rows)

    def _run(self, statement: str, before: datetime) -> int:
        with self._database.transaction() as transaction:
            return transaction.run(statement, before=to_database(before))
