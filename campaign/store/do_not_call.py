"""The numbers that are not called: kept, asked for, and never forgotten that they were."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from campaign.do_not_call import Entry
from campaign.store.database import Database, Row
from campaign.store.times import from_database, to_database

PAGE = 5000


@dataclass(frozen=True)
class KeptEntry(Entry):
    """An entry as it is kept."""

    removed_at: datetime | None
    """None: it is on the list."""


class DoNotCall:
    """The rows of overdue_do_not_call."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def add(self, entries: Sequence[Entry]) -> int:
        """Put entries on the list in one transaction; returns how many were not there yet."""
        values = [
            {
                "number": entry.number,
                "purpose": entry.purpose,
                "source": entry.source,
                "added_at": to_database(entry.added_at),
            }
            for entry in entries
        ]
        with self._database.transaction() as transaction:
            return transaction.run_many("add_do_not_call", values)

    def remove(self, number: str, purpose: str | None, source: str | None, now: datetime) -> int:
        """Take a number's entries off the list; None: whatever the purpose, the source."""
        with self._database.transaction() as transaction:
            return transaction.run(
                "remove_do_not_call",
                number=number,
                purpose=purpose,
                source=source,
                now=to_database(now),
            )

    def history(self, number: str) -> list[KeptEntry]:
        """All entries of a number, those that were removed too, oldest first."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("do_not_call_of", number=number)
        return [_kept(row) for row in rows]

    def counts(self) -> list[tuple[str, str, int]]:
        """Purpose, source and how many numbers are on the list with them."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("count_do_not_call")
        return [(row["purpose"], row["source"], row["numbers"]) for row in rows]

    def pages(self) -> Iterator[list[KeptEntry]]:
        """All that is on the list, in the order in which it was added, by pages."""
        after = 0
        while True:
            with self._database.transaction() as transaction:
                rows = transaction.rows("do_not_call_page", after=after, limit=PAGE)
            if not rows:
                return
            after = rows[-1]["id"]
            yield [_kept(row) for row in rows]


def _kept(row: Row) -> KeptEntry:
    added_at = from_database(row["added_at"])
    assert added_at is not None  # noqa: S101 (a NOT NULL column)
    return KeptEntry(
        row["number"], row["purpose"], row["source"], added_at, from_database(row["removed_at"])
    )
