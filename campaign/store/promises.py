"""Promises to pay: judged by what the company's tables say now, and shown."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from campaign.eligibility import owed_on
from campaign.promise import Promise, Resolution, judge
from campaign.sections import DueRule
from campaign.source import Source
from campaign.store import customers
from campaign.store.database import Database, Row
from campaign.store.times import aware, from_database, to_database

PAGE = 500


@dataclass(frozen=True)
class Judged:
    """A promise with what came of it."""

    promise: Promise
    resolution: Resolution | None
    """None: still open."""
    resolved_at: datetime | None


class Promises:
    """The rows of overdue_promise; calls make them (`Wishes`)."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database

    def judge_open(self, source: Source, rule: DueRule, now: datetime) -> Counter[Resolution]:
        """Read the invoices of everybody whose promise is open; how many were kept and broken.

        A page is a transaction of its own; interrupted, it goes on when it is called again.
        """
        found: Counter[Resolution] = Counter()
        after = ""
        while True:
            with self._database.transaction() as transaction:
                rows = transaction.rows(
                    "open_promises", source=source.customers, after=after, limit=PAGE
                )
                if not rows:
                    return found
                promises = [_promise(row) for row in rows]
                whose = {each.customer_id for each in promises}
                debtors = customers.these(transaction, source, whose)
                for promise in promises:
                    row = debtors.get(promise.customer_id)
                    resolution = judge(promise, owed_on(row, promise.made_on, rule), now)
                    if resolution is None:
                        continue
                    found[resolution] += transaction.run(
                        "resolve_promise",
                        id=promise.attempt_id,
                        resolution=resolution.value,
                        now=to_database(now),
                    )
            after = promises[-1].attempt_id

    def all(self, source: str) -> list[Judged]:
        """All promises of a customers table, newest first."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("promises", source=source)
        return [
            Judged(
                _promise(row),
                Resolution(row["resolution"]) if row["resolution"] else None,
                from_database(row["resolved_at"]),
            )
            for row in rows
        ]

    def of_run(self, run_id: str) -> dict[Resolution | None, tuple[int, Decimal]]:
        """How many promises of a run's calls, and what they are about, by what came of them."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("promises_of_run", run_id=run_id)
        return {
            Resolution(row["resolution"]) if row["resolution"] else None: (
                row["promises"],
                row["amount"],
            )
            for row in rows
        }


def _promise(row: Row) -> Promise:
    made_on: date = row["made_on"]
    return Promise(
        row["attempt_id"],
        row["customer_id"],
        row["amount"],
        made_on,
        row["promised_day"],
        aware(row["calls_from"]),
    )
