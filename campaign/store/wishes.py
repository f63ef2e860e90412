"""What a customer decides with a key, stored while he is on the line; all can be repeated."""

from datetime import date, datetime

from campaign.do_not_call import ALL
from campaign.eligibility import owed_on
from campaign.promise import calls_from
from campaign.store import customers
from campaign.store.database import Database, Row, Transaction
from campaign.store.run_terms import KnownRuns
from campaign.store.times import to_database

BY_KEY = "key"
"""The source of an entry that its owner made on a call."""


class Wishes:
    """The rows that customers make: of the do-not-call list, wrong numbers and promises."""

    def __init__(self, database: Database) -> None:
        """The database is only used by the methods."""
        self._database = database
        self._runs = KnownRuns()

    def do_not_call(self, attempt_id: str, at: datetime) -> bool:
        """Put the number of the call on the list, for every campaign; False: no such attempt."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("called_attempt", id=attempt_id)
            if rows:
                bar(transaction, rows[0], at)
        return bool(rows)

    def wrong_number(self, attempt_id: str, at: datetime) -> bool:
        """Use the number of the call no longer for this customer; False: no such attempt."""
        with self._database.transaction() as transaction:
            rows = transaction.rows("called_attempt", id=attempt_id)
            if rows:
                mark_wrong(transaction, rows[0], at)
        return bool(rows)

    def promise(self, attempt_id: str, day: date, at: datetime) -> bool:
        """Keep the day on which he will pay; False: nothing is owed, or that is not known."""
        with self._database.transaction() as transaction:
            return keep_promise(transaction, self._runs, attempt_id, day, at)


def bar(transaction: Transaction, attempt: Row, at: datetime) -> None:
    """Put the attempt's number on the do-not-call list."""
    transaction.run(
        "add_do_not_call",
        number=attempt["number"],
        purpose=ALL,
        source=BY_KEY,
        added_at=to_database(at),
    )


def mark_wrong(transaction: Transaction, attempt: Row, at: datetime) -> None:
    """The attempt's number is not its customer's."""
    transaction.run(
        "mark_wrong",
        number=attempt["number"],
        source=attempt["source"],
        customer_id=attempt["customer_id"],
        id=attempt["id"],
        now=to_database(at),
    )


def keep_promise(
    transaction: Transaction, runs: KnownRuns, attempt_id: str, day: date, at: datetime
) -> bool:
    """The customer of the attempt will pay on that day; False: nothing is owed, or not known.

    ``at``: when he said it; of several days on one attempt's calls the one said last counts.
    """
    rows = transaction.rows("called_attempt", id=attempt_id)
    terms = runs.terms(transaction, rows[0]["run_id"]) if rows else None
    if terms is None or terms.source is None or terms.flow is None:
        return False
    customer_id = rows[0]["customer_id"]
    row = customers.these(transaction, terms.source, [customer_id]).get(customer_id)
    made_on = at.astimezone(terms.time_zone).date()
    owed = owed_on(row, made_on, terms.due)
    if owed <= 0:
        return False
    free = calls_from(day, terms.flow.promise.grace_days, terms.time_zone)
    transaction.run(
        "write_promise",
        **rows[0],
        amount=owed,
        made_on=made_on,
        day=day,
        calls_from=to_database(free),
        told_at=to_database(at),
    )
    return True
