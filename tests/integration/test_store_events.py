"""What an answered leg leaves in the database, and what it is told at the answer."""

from datetime import date
from decimal import Decimal

import pytest

from campaign.event import Event, EventKind
from campaign.heard import Heard
from campaign.journal import CallEnd, Course, Leg
from campaign.met import Values
from campaign.outcome import Outcome
from tests.integration.conftest import NOW, NUMBER, TEST_RUN, Company

LEG = Leg(3.5, finished=False, keys="1@3.50", by="agi")
EVENTS = (
    Event(EventKind.PATH, "message", 0.0),
    Event(EventKind.KEY, "1", 3.5),
    Event(EventKind.PART, "es_MX/prueba=3.50", 3.5),
)


def events(company: Company, attempt_id: str) -> list[tuple[str, str, Decimal]]:
    rows = company.sql(
        "SELECT kind, detail, at_seconds FROM overdue_event WHERE attempt_id = %s ORDER BY place",
        attempt_id,
    )
    return [(row["kind"], row["detail"], row["at_seconds"]) for row in rows]


def test_events_are_kept_in_their_order_and_once(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    company.meet(attempt_id)
    for _ in range(2):
        company.store.calls.record_heard(attempt_id, Heard(Course.ANNOUNCEMENT, LEG, EVENTS))
    assert events(company, attempt_id) == [
        ("path", "message", Decimal("0.00")),
        ("key", "1", Decimal("3.50")),
        ("part", "es_MX/prueba=3.50", Decimal("3.50")),
    ]


def test_the_end_of_a_leg_that_the_server_ends_brings_its_events(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    company.meet(attempt_id)
    for kept in (EVENTS, EVENTS[:1]):
        company.store.calls.record_end(attempt_id, CallEnd(16, "", NOW, NOW, LEG), kept)
    assert [kind for kind, *_ in events(company, attempt_id)] == ["path", "key", "part"]
    row = company.attempt(attempt_id)
    assert (row["state"], row["outcome"], row["q850"]) == ("ended", "hung_up_early", 16)


def test_nothing_is_kept_of_an_attempt_that_is_unknown_or_final(company: Company) -> None:
    heard = Heard(Course.ANNOUNCEMENT, LEG, EVENTS)
    assert not company.store.calls.record_heard("0" * 26, heard)
    attempt_id = company.dialing(company.customer())
    company.store.calls.record_end(attempt_id, CallEnd(17, "SIP 486 Busy Here", NOW, None, None))
    assert not company.store.calls.record_heard(attempt_id, heard)
    assert company.sql("SELECT * FROM overdue_event") == []


@pytest.mark.parametrize(
    ("course", "outcome"),
    [(Course.UNCONFIRMED, "not_confirmed"), (Course.DO_NOT_CALL, "opted_out")],
)
def test_the_course_that_was_committed_outlives_the_pbx(
    company: Company, course: Course, outcome: str
) -> None:
    attempt_id = company.dialing(company.customer())
    company.meet(attempt_id)
    company.store.calls.record_heard(attempt_id, Heard(course, LEG, EVENTS))
    company.store.calls.record_without_call(attempt_id, Outcome.LOST, NOW, "the PBX restarted")
    assert company.attempt(attempt_id)["outcome"] == outcome


def test_a_leg_is_told_the_flow_of_its_run(company: Company) -> None:
    met = company.met(company.dialing(company.customer()))
    assert met is not None
    assert met.terms == company.campaign.flow_terms
    assert (met.time_zone, met.values) == (company.campaign.time_zone, None)


@pytest.mark.parametrize(("parts", "count"), [(["{amount}"], None), (["{invoices}"], 2)])
def test_the_values_of_a_personal_message_are_read_at_the_answer(
    company: Company, parts: list[str], count: int | None
) -> None:
    company.sql(
        "UPDATE overdue_run SET flow_json = JSON_SET(flow_json, '$.personal', JSON_ARRAY(%s))",
        *parts,
    )
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.sql("DELETE FROM factura")
    for balance in (100_000, "23400.50"):
        company.sql("INSERT INTO factura (`id-afiliado`, saldo) VALUES (%s, %s)", customer, balance)
    met = company.met(attempt_id)
    assert met is not None
    assert met.values is not None
    assert (met.values.amount, met.values.invoices) == (Decimal("123400.50"), count)
    assert isinstance(met.values.cut_date, date)
    assert isinstance(met.values, Values)


def test_a_test_call_has_the_flow_but_no_values(company: Company) -> None:
    company.sql(
        "UPDATE overdue_run SET flow_json = JSON_SET(flow_json, '$.personal', JSON_ARRAY(%s))",
        "{amount}",
    )
    met = company.met(company.dialing(NUMBER, run_id=TEST_RUN))
    assert met is not None
    assert (met.course, met.values) == (Course.ANNOUNCEMENT, None)


def test_the_history_of_a_customer(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.meet(attempt_id)
    company.store.calls.record_heard(attempt_id, Heard(Course.ANNOUNCEMENT, LEG, EVENTS))
    (call,) = company.store.reports.calls_to(str(customer))
    assert (call["attempt"], call["campaign"]) == (attempt_id, company.campaign.name)
    assert [event["kind"] for event in call["events"]] == ["path", "key", "part"]
    assert company.store.reports.calls_to("nobody") == []
