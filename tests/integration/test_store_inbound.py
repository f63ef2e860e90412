"""Customers who ring back: whom their number names, and that no attempt is touched."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from campaign.event import Event, EventKind
from campaign.heard import Heard
from campaign.inbound import RECOGNISED_FOR
from campaign.journal import CallEnd, Course, Leg, Talk
from campaign.store.talks import CallBack
from tests.integration.conftest import NOW, NUMBER, TEST_RUN, Company

HEARD = Heard(
    Course.ANNOUNCEMENT,
    Leg(12.5, finished=True, keys="1@3.00", by="agi"),
    (Event(EventKind.KEY, "1", 3.0), Event(EventKind.PART, "es_MX/prueba=12.50", 12.5)),
)


def called(company: Company, number: str = NUMBER, **columns: str) -> tuple[str, str]:
    """A customer who was called and has not answered; his id and the attempt's."""
    customer_id = company.customer(number)
    attempt_id = company.dialing(customer_id, number, **columns)
    company.store.calls.record_end(attempt_id, CallEnd(19, "SIP 180", NOW, None, None))
    return customer_id, attempt_id


def test_he_is_recognised_and_what_he_heard_is_kept(company: Company) -> None:
    customer_id, attempt_id = called(company)
    before = company.attempt(attempt_id), company.billing(customer_id)

    found = company.store.inbound.recognise(NUMBER, NOW)
    assert found is not None
    assert (found.attempt_id, found.met.course) == (attempt_id, Course.ANNOUNCEMENT)
    assert company.store.inbound.record(found.call_id, HEARD)

    (row,) = company.sql("SELECT * FROM overdue_inbound_call")
    assert (row["id"], row["customer_id"], row["number"]) == (found.call_id, customer_id, NUMBER)
    assert (float(row["heard_seconds"]), row["heard_to_end"]) == (12.5, 1)
    events = company.sql("SELECT * FROM overdue_inbound_event ORDER BY place")
    assert [(each["kind"], each["detail"]) for each in events] == [
        ("key", "1"),
        ("part", "es_MX/prueba=12.50"),
    ]
    assert (company.attempt(attempt_id), company.billing(customer_id)) == before


@pytest.mark.parametrize(
    ("course", "table"),
    [
        (Course.DO_NOT_CALL, "overdue_do_not_call"),
        (Course.WRONG_PERSON, "overdue_wrong_number"),
    ],
)
def test_what_the_pbx_alone_knew_is_kept_once(company: Company, course: Course, table: str) -> None:
    called(company)
    found = company.store.inbound.recognise(NUMBER, NOW)
    assert found is not None
    end = CallEnd(16, "", NOW, NOW, None, course)
    for _ in range(2):
        assert company.store.inbound.record_back(found.call_id, end)
    assert company.sql(f"SELECT number FROM {table}") == [{"number": NUMBER}]  # noqa: S608
    assert company.sql("SELECT course FROM overdue_inbound_call") == [{"course": course}]


def rang_back(company: Company, heard: Heard | None = None) -> str:
    """Somebody who was called rings back; the server told ``heard``."""
    called(company)
    found = company.store.inbound.recognise(NUMBER, NOW)
    assert found is not None
    if heard:
        assert company.store.inbound.record(found.call_id, heard)
    return found.call_id


def test_a_promise_that_the_pbx_alone_knew_is_kept(company: Company) -> None:
    call_id = rang_back(company)
    day = NOW.date() + timedelta(days=3)
    end = CallEnd(16, "", NOW, NOW, None, Course.PROMISED, promised=day)
    for _ in range(2):
        assert company.store.inbound.record_back(call_id, end)
    (promise,) = company.sql("SELECT attempt_id, promised_day FROM overdue_promise")
    (back,) = company.sql("SELECT attempt_id FROM overdue_inbound_call")
    assert promise == {"attempt_id": back["attempt_id"], "promised_day": day}


def test_who_owes_nothing_when_the_promise_comes_has_promised_nothing(company: Company) -> None:
    call_id = rang_back(company)
    company.sql("UPDATE factura SET saldo = 0")
    end = CallEnd(16, "", NOW, NOW, None, Course.PROMISED, promised=date(2026, 12, 15))
    assert company.store.inbound.record_back(call_id, end)
    assert company.sql("SELECT attempt_id FROM overdue_promise") == []


@pytest.mark.parametrize("heard", [HEARD, None])
def test_a_talk_is_kept_once_behind_what_he_heard(company: Company, heard: Heard | None) -> None:
    call_id = rang_back(company, heard)
    talk = Talk(NOW + timedelta(seconds=7), "agent")
    ended_at = NOW + timedelta(seconds=41.5)
    end = CallEnd(16, "", ended_at, NOW, None, Course.TRANSFERRED, talk)
    for _ in range(2):
        assert company.store.inbound.record_back(call_id, end)
    events = company.sql("SELECT * FROM overdue_inbound_event ORDER BY place")
    assert len(events) == (3 if heard else 1)
    last = events[-1]
    assert (last["kind"], last["detail"]) == ("transfer", "talked 34.50 s, ended by agent")
    assert float(last["at_seconds"]) == 7
    assert company.sql("SELECT course FROM overdue_inbound_call") == [{"course": "transferred"}]


def test_whom_nobody_took_is_among_those_to_be_called_back(company: Company) -> None:
    call_id = rang_back(company, HEARD)
    end = CallEnd(16, "", NOW, NOW, None, Course.ANNOUNCEMENT, Talk(None, "noanswer"))
    assert company.store.inbound.record_back(call_id, end)
    (row,) = company.sql("SELECT customer_id, called_at FROM overdue_inbound_call")
    (wish,) = company.store.talks.call_backs("afiliados", NOW - timedelta(days=1))
    at = row["called_at"].replace(tzinfo=NOW.tzinfo)
    assert wish == CallBack(row["customer_id"], NUMBER, at, "noanswer")
    assert company.store.talks.call_backs("clientes", NOW - timedelta(days=1)) == []


def test_of_what_he_heard_the_word_of_the_server_stands(company: Company) -> None:
    call_id = rang_back(company, replace(HEARD, course=Course.WRONG_PERSON))
    other = CallEnd(16, "", NOW, NOW, Leg(1.0, finished=False, keys="", by="agi"))
    assert company.store.inbound.record_back(call_id, other)
    (row,) = company.sql("SELECT course, heard_seconds, keys_pressed FROM overdue_inbound_call")
    assert row == {"course": "wrong_person", "heard_seconds": 12.5, "keys_pressed": "1@3.00"}


def test_what_the_server_could_not_tell_the_pbx_tells(company: Company) -> None:
    call_id = rang_back(company)
    end = CallEnd(16, "", NOW, NOW, HEARD.leg, Course.ANNOUNCEMENT)
    assert company.store.inbound.record_back(call_id, end)
    (row,) = company.sql("SELECT course, heard_seconds, keys_pressed FROM overdue_inbound_call")
    assert row == {"course": "", "heard_seconds": 12.5, "keys_pressed": "1@3.00"}


def test_a_call_back_that_never_was(company: Company) -> None:
    end = CallEnd(16, "", NOW, None, None, Course.DO_NOT_CALL)
    assert not company.store.inbound.record_back("01HZX3V8Q4N6T7B2C9D0E1F2G9", end)
    assert company.sql("SELECT number FROM overdue_do_not_call") == []


def test_nobody_who_was_not_called(company: Company) -> None:
    company.customer()
    company.claimed(company.customer("573001000001"), "573001000001")
    for number in (NUMBER, "573001000001"):
        assert company.store.inbound.recognise(number, NOW) is None
    assert company.sql("SELECT * FROM overdue_inbound_call") == []


def test_the_latest_call_to_the_number_counts(company: Company) -> None:
    _, first = called(company)
    company.sql(
        "UPDATE overdue_attempt SET claimed_at = claimed_at - INTERVAL 1 DAY WHERE id = %s", first
    )
    _, second = called(company)
    found = company.store.inbound.recognise(NUMBER, NOW)
    assert found is not None
    assert found.attempt_id == second


@pytest.mark.parametrize(("later", "known"), [(timedelta(0), True), (timedelta(1), False)])
def test_a_number_changes_its_owner(company: Company, later: timedelta, known: bool) -> None:
    called(company)
    found = company.store.inbound.recognise(NUMBER, NOW + RECOGNISED_FOR + later)
    assert (found is not None) == known


def test_not_where_the_number_is_not_the_customers(company: Company) -> None:
    _, attempt_id = called(company)
    company.store.wishes.wrong_number(attempt_id, NOW)
    assert company.store.inbound.recognise(NUMBER, NOW) is None


def test_a_call_that_was_never_placed_was_none(company: Company) -> None:
    _, attempt_id = called(company)
    company.sql("UPDATE overdue_attempt SET outcome = 'not_placed' WHERE id = %s", attempt_id)
    assert company.store.inbound.recognise(NUMBER, NOW) is None


def test_whether_he_owes_is_asked_now(company: Company) -> None:
    customer_id, _ = called(company)
    company.sql("UPDATE factura SET saldo = 0 WHERE `id-afiliado` = %s", customer_id)
    found = company.store.inbound.recognise(NUMBER, NOW)
    assert found is not None
    assert found.met.course is Course.PAID


def test_a_test_call_can_be_rung_back(company: Company) -> None:
    attempt_id = company.dialing("test", NUMBER, run_id=TEST_RUN)
    found = company.store.inbound.recognise(NUMBER, NOW)
    assert found is not None
    assert found.attempt_id == attempt_id


@pytest.mark.parametrize("times", [1, 2])
def test_no_more_calls_is_in_force_at_the_end_of_the_call(company: Company, times: int) -> None:
    called(company)
    found = company.store.inbound.recognise(NUMBER, NOW)
    assert found is not None
    for _ in range(times):
        end = CallEnd(16, "", NOW, NOW, HEARD.leg, Course.DO_NOT_CALL)
        company.store.inbound.record_back(found.call_id, end)
    (entry,) = company.store.do_not_call.history(NUMBER)
    assert (entry.purpose, entry.source) == ("all", "key")


def test_a_call_that_is_unknown_is_not_recorded(company: Company) -> None:
    assert not company.store.inbound.record("01J" + "0" * 23, HEARD)


def test_old_ones_are_purged(company: Company) -> None:
    called(company)
    found = company.store.inbound.recognise(NUMBER, NOW)
    assert found is not None
    company.store.inbound.record(found.call_id, HEARD)
    later = NOW + timedelta(seconds=1)
    assert company.store.purge.count(NOW).inbound_calls == 0
    assert company.store.purge.count(later).inbound_calls == 1
    company.store.purge.remove(later)
    assert company.sql("SELECT * FROM overdue_inbound_call") == []
