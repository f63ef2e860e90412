"""A company whose tables look quite different: the shipped second example, from file to outcome."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from campaign.eligibility import Candidate
from campaign.file import load
from campaign.journal import CallEnd
from campaign.reason import Reason
from campaign.store import customers
from originator.select import DueCustomers
from tests.english_company import EXAMPLE, TABLES
from tests.integration.conftest import Company

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
RUN_ID = "01ENG0000000000000000000RN"


@pytest.fixture
def english(company: Company) -> Iterator[Company]:
    """The tables of the example, and its campaign."""
    for statement in TABLES:
        company.sql(statement)
    company.campaign = load(EXAMPLE)
    company.source = company.campaign.source
    yield company
    company.sql("DROP TABLE invoices, customers")


def owes(english: Company, *invoices: tuple[str, str | None, object], **columns: Any) -> str:
    """Insert a customer with invoices of status, due date and balance; returns his id."""
    (ids,) = english.sql("SELECT COUNT(*) AS n FROM customers")
    row = {
        "mobile_phone": f"300 123 45{ids['n']:02d}",
        "national_id": f"1.023.4{ids['n']:02d}",
        **columns,
    }
    marks = ", ".join(["%s"] * len(row))
    english.sql(
        f"INSERT INTO customers ({', '.join(row)}) VALUES ({marks})",  # noqa: S608
        *row.values(),
    )
    (new,) = english.sql("SELECT LAST_INSERT_ID() AS id")
    for status, due_date, balance in invoices:
        english.sql(
            "INSERT INTO invoices (customer_id, status, due_date, balance) VALUES (%s,%s,%s,%s)",
            new["id"], status, due_date, balance,
        )  # fmt: skip
    return str(new["id"])


def verdicts(english: Company, now: datetime = NOW) -> dict[str, Candidate | Reason]:
    pages = DueCustomers(english.store, english.campaign).verdicts(now)
    return {
        each.customer_id: each if isinstance(each, Candidate) else each.reason
        for page in pages
        for each in page.verdicts
    }


def test_who_is_called_and_who_is_not(english: Company) -> None:
    customers.probe(english.store.database, english.source)
    due = owes(english, ("open", "2026-11-23", "85000.50"))
    several = owes(
        english,
        ("open", "2026-10-01", 100),
        ("open", "2026-11-20", 20),
        ("open", "2026-12-20", 7),
        ("paid", "2026-11-01", 1000),
        ("draft", "2026-11-01", 1000),
    )
    refused = {
        owes(english, ("open", "2026-11-24", 5)): Reason.NOT_DUE,
        owes(english, ("open", "2026-09-20", 5)): Reason.NOT_DUE,
        owes(english, ("open", None, 5)): Reason.BAD_DUE_DATE,
        owes(english, ("paid", "2026-11-20", 5)): Reason.NOTHING_OWED,
        owes(english, ("open", "2026-11-20", 0)): Reason.NOTHING_OWED,
        owes(english): Reason.NOTHING_OWED,
        owes(english, ("open", "2026-11-20", 5), mobile_phone="?"): Reason.BAD_NUMBER,
    }
    owes(english, ("open", "2026-11-20", 5), status="left")
    owes(english, ("open", "2026-11-20", 5), call_requested=0)
    owes(english, ("open", "2026-11-20", 5), call_delivered=1)
    found = verdicts(english)
    candidates = {key: one for key, one in found.items() if isinstance(one, Candidate)}
    assert {key: one.debt for key, one in candidates.items()} == {
        due: Decimal("85000.50"),
        several: Decimal(120),
    }
    assert {key: f"{one.cut}" for key, one in candidates.items()} == {
        due: "2026-11-23",
        several: "2026-10-01",
    }
    assert {key: reason for key, reason in found.items() if key not in candidates} == refused
    pages = DueCustomers(english.store, english.campaign).verdicts(NOW)
    shared = sum((page.groups for page in pages), Counter())
    assert {refusal.reason: count for refusal, count in shared.items()} == {
        Reason.OUTSIDE_CAMPAIGN: 1,
        Reason.NOT_FLAGGED: 1,
        Reason.ALREADY_SENT: 1,
    }


def test_a_due_invoice_that_is_paid_before_the_claim_stops_the_call(english: Company) -> None:
    """A later invoice is still open: he owes, but it is not due yet."""
    customer = owes(english, ("open", "2026-11-20", 5), ("open", "2026-12-20", 5))
    candidate = verdicts(english)[customer]
    assert isinstance(candidate, Candidate)
    english.sql("UPDATE invoices SET status = 'paid' WHERE due_date = '2026-11-20'")
    english.store.runs.start(RUN_ID, english.campaign, english.source, NOW)
    selection = DueCustomers(english.store, english.campaign)
    refusal = english.claim(
        english.new_claim(customer, candidate.number.digits, run_id=RUN_ID),
        lambda row, history: selection.check(candidate, row, history, NOW),
    )
    assert refusal is not None
    assert refusal.reason is Reason.NOT_DUE


@pytest.mark.parametrize(
    ("paid", "hears_thanks"),
    [("2026-11-20", True), ("2026-12-20", False)],
)
def test_whoever_has_paid_what_is_due_hears_no_word_of_the_next_invoice(
    english: Company, paid: str, hears_thanks: bool
) -> None:
    customer = owes(english, ("open", "2026-11-20", 5), ("open", "2026-12-20", 5))
    english.store.runs.start(RUN_ID, english.campaign, english.source, NOW)
    attempt_id = english.dialing(customer, "573001234500", run_id=RUN_ID)
    assert not english.has_paid(attempt_id)
    english.sql("UPDATE invoices SET status = 'paid' WHERE due_date = %s", paid)
    assert english.has_paid(attempt_id) == hears_thanks


def test_the_outcome_is_written_to_the_companys_own_columns(english: Company) -> None:
    customer = owes(english, ("open", "2026-11-20", 5))
    english.store.runs.start(RUN_ID, english.campaign, english.source, NOW)
    claim = replace(english.new_claim(customer, "573001234500"), run_id=RUN_ID)
    assert english.claim(claim) is None
    english.dial(claim.attempt_id)
    english.store.calls.record_end(claim.attempt_id, CallEnd(17, "SIP 486", NOW, None, None))
    (row,) = english.sql("SELECT call_attempts, call_delivered FROM customers")
    assert row == {"call_attempts": 1, "call_delivered": 0}


@pytest.mark.parametrize("kind", ["DATETIME", "TIMESTAMP", "VARCHAR(10)", "TEXT"])
def test_a_due_date_may_be_of_any_type(english: Company, kind: str) -> None:
    english.sql(f"ALTER TABLE invoices MODIFY due_date {kind} NULL")
    customer = owes(english, ("open", "2026-11-23", 5))
    (verdict,) = verdicts(english).values()
    assert isinstance(verdict, Candidate)
    assert (verdict.customer_id, f"{verdict.cut}") == (customer, "2026-11-23")


def test_many_invoices_of_one_customer_are_all_read(english: Company) -> None:
    customer = owes(english, *[("open", "2026-11-20", "1.25")] * 3000)
    verdict = verdicts(english)[customer]
    assert isinstance(verdict, Candidate)
    assert verdict.debt == Decimal(3750)
