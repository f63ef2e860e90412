"""What the answered leg needs to know of the customer who is on the line."""

from datetime import datetime

from campaign.eligibility import still_owes, what_is_due
from campaign.journal import Course
from campaign.met import Met, Values
from campaign.store import customers
from campaign.store.database import Transaction
from campaign.store.run_terms import RunTerms


def met(transaction: Transaction, terms: RunTerms, customer_id: str, at: datetime) -> Met:
    """Whether he still owes, and what his message says, on the campaign's day of ``at``.

    Nothing is read of a test call: it is told of no debt that it could have paid.
    """
    assert terms.flow is not None  # noqa: S101 (runs that did not store it have no calls any more)
    announcement = Met(Course.ANNOUNCEMENT, terms.flow, terms.time_zone, None)
    if terms.source is None:
        return announcement
    row = customers.read_again(transaction, terms.source, customer_id)
    today = at.astimezone(terms.time_zone).date()
    if row is None or not still_owes(row, today, terms.due):
        return Met(Course.PAID, terms.flow, terms.time_zone, None)
    if not terms.flow.personal:
        return announcement
    values = None
    due = what_is_due(row, today, terms.due)
    if due is not None and due.debt is not None:
        count = None
        if "{invoices}" in terms.flow.personal:
            count = customers.open_invoices(transaction, terms.source, customer_id)
        values = Values(due.debt, due.day, count)
    return Met(Course.ANNOUNCEMENT, terms.flow, terms.time_zone, values)
