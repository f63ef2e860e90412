"""Cycles: the reset of the company's columns at their beginning, page by page, and the archive."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from campaign.reset import Marks, Since
from campaign.source import Source
from campaign.store.database import Database, Row, Transaction
from campaign.store.identifiers import company_statement, conditions, quoted
from campaign.store.times import aware, from_database, to_database

PAGE = 500
"""Customers in one transaction: the company's table is never locked for longer than a moment."""


@dataclass(frozen=True)
class ResetCounts:
    """What a reset changes, or would change."""

    customers: int = 0
    """Those whom the campaign's conditions leave."""
    reset: int = 0
    unfinished: int = 0
    """Of all: marked and not reached. They are archived."""


@dataclass(frozen=True)
class LatestCycle:
    """The newest cycle of a customers table."""

    cycle_id: int
    started_at: datetime
    finished_at: datetime | None
    """None: its reset was interrupted."""


class Cycles:
    """The rows of overdue_cycle, and the company's columns at the beginning of one."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def open_attempts(self, source: Source) -> int:
        """Calls to these customers that are not over."""
        with self._database.transaction() as transaction:
            (row,) = transaction.rows("open_attempts_of_source", source=source.customers)
        return int(row["attempts"])

    def latest(self, source: Source) -> LatestCycle | None:
        """The present cycle; None: these customers were never reset."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("latest_cycle", source=source.customers)
        if not rows:
            return None
        row = rows[0]
        return LatestCycle(row["id"], aware(row["started_at"]), from_database(row["finished_at"]))

    def survey(self, source: Source) -> ResetCounts:
        """What a reset would change now; changes nothing."""
        counts, after = ResetCounts(), None
        while True:
            with self._database.transaction() as transaction:
                page = _page(transaction, source, after)
            counts = _add(counts, page)
            if len(page) < PAGE:
                return counts
            after = page[-1][0]

    def begin(self, source: Source, campaign: str, now: datetime) -> int:
        """Begin a cycle; returns its id."""
        with self._database.transaction() as transaction:
            transaction.run(
                "begin_cycle", source=source.customers, campaign=campaign, now=to_database(now)
            )
            (row,) = transaction.rows("latest_cycle", source=source.customers)
        return int(row["id"])

    def reset_page(self, cycle_id: int, source: Source, now: datetime) -> ResetCounts | None:
        """Reset the next page of customers, in one transaction; None: that was the last one."""
        with self._database.transaction() as transaction:
            (cycle,) = transaction.rows("lock_cycle", id=cycle_id)
            after, since = cycle["last_customer_id"], cycle["started_at"]
            page = _page(transaction, source, after, since)
            if not page:
                transaction.run("finish_cycle", id=cycle_id, now=to_database(now))
                return None
            archived = [
                {"cycle_id": cycle_id, "customer_id": str(key), "attempts": marks.old_attempts}
                for key, marks in page
                if marks.unfinished
            ]
            if archived:
                transaction.run_many("archive_customer", archived)
            by_calls: dict[Since | None, list[object]] = defaultdict(list)
            for key, marks in page:
                if marks.changes:
                    by_calls[marks.since].append(key)
            statement = company_statement("reset_marks", source)
            for calls, keys in by_calls.items():
                kept = vars(calls or Since(0, delivered=False))
                transaction.run_sql(statement, {"customer_ids": keys, **kept})
            transaction.run(
                "advance_cycle",
                id=cycle_id,
                last=str(page[-1][0]),
                reset=sum(marks.changes for _, marks in page),
                archived=len(archived),
            )
        return _add(ResetCounts(), page)

    def all(self) -> list[Row]:
        """Id, source, campaign, started_at, finished_at, customers_reset, customers_archived."""
        with self._database.transaction() as transaction:
            return transaction.rows("cycles")

    def archived(self, cycle_id: int) -> list[Row]:
        """Whom the cycle before this one did not reach: customer_id, attempts."""
        with self._database.transaction() as transaction:
            return transaction.rows("customers_of_cycle", id=cycle_id)


_Page = list[tuple[object, Marks]]


def _page(
    transaction: Transaction, source: Source, after: object, since: datetime | None = None
) -> _Page:
    """The next customers; ``since``: to be reset, in a cycle that began then.

    Their rows are locked first: the end of a call writes them with its attempt, and what is read
    of the attempts after that is all that has been written.
    """
    where, values = conditions(source)
    page = "TRUE" if after is None else f"c.{quoted(source.customer_id)} > %(after)s"
    lock = "FOR UPDATE" if since else ""
    sql = company_statement("marks", source, conditions=where, page=page, lock=lock)
    rows = transaction.rows_sql(sql, {**values, "after": after, "limit": PAGE})
    calls = _calls_since(transaction, source, [str(row["customer_id"]) for row in rows], since)
    return [
        (
            row["customer_id"],
            Marks(
                row["flag"],
                row["sent"],
                row["attempts"],
                row["completed_at"],
                bool(row["owes"]),
                calls.get(str(row["customer_id"])),
            ),
        )
        for row in rows
    ]


def _calls_since(
    transaction: Transaction, source: Source, customer_ids: list[str], since: datetime | None
) -> dict[str, Since]:
    if since is None or not customer_ids:
        return {}
    rows = transaction.rows(
        "spent_since", source=source.customers, customer_ids=customer_ids, since=since
    )
    return {row["customer_id"]: Since(row["attempts"], bool(row["delivered"])) for row in rows}


def _add(counts: ResetCounts, page: _Page) -> ResetCounts:
    return ResetCounts(
        counts.customers + len(page),
        counts.reset + sum(marks.changes for _, marks in page),
        counts.unfinished + sum(marks.unfinished for _, marks in page),
    )
