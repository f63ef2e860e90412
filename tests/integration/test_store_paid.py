"""Whether a customer still owes when he answers, and what is kept of it."""

from datetime import timedelta

import pytest

from campaign.heard import Heard
from campaign.journal import CallEnd, Course, Leg
from campaign.met import Met
from campaign.outcome import Outcome
from campaign.source import Source
from campaign.store import StoreError
from tests.integration.conftest import NOW, NUMBER, TEST_RUN, Company

THANKED = Leg(2.5, finished=True, keys="", by="agi")
ENDED_AT = NOW + timedelta(seconds=3)


def test_who_owes_has_not_paid(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    assert not company.has_paid(attempt_id)


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE factura SET cerrado = 1",
        "UPDATE factura SET saldo = 0",
        "UPDATE factura SET saldo = -5",
        "DELETE FROM factura",
        "UPDATE afiliados SET outbound_call = 0",
        "UPDATE afiliados SET outbound_call = NULL",
        "DELETE FROM afiliados",
    ],
)
def test_whatever_ends_the_debt_after_the_claim_is_seen(company: Company, change: str) -> None:
    attempt_id = company.dialing(company.customer())
    company.sql(change)
    assert company.has_paid(attempt_id)


def test_who_left_the_campaigns_conditions_is_told_of_no_debt(company: Company) -> None:
    company.source = Source(where={"activo": 1})
    company.sql("UPDATE overdue_run SET source_json = %s", company.source.to_json())
    attempt_id = company.dialing(company.customer(activo=1))
    assert not company.has_paid(attempt_id)
    company.sql("UPDATE afiliados SET activo = 0")
    assert company.has_paid(attempt_id)


def test_one_invoice_of_several_is_enough_to_owe(company: Company) -> None:
    customer = company.customer()
    company.sql("INSERT INTO factura (`id-afiliado`, saldo) VALUES (%s, 10)", customer)
    attempt_id = company.dialing(customer)
    company.sql("UPDATE factura SET cerrado = 1 LIMIT 1")
    assert not company.has_paid(attempt_id)


def test_of_a_test_call_and_of_a_stranger_nothing_is_known(company: Company) -> None:
    attempt_id = company.dialing(NUMBER, run_id=TEST_RUN)
    assert not company.has_paid(attempt_id)
    assert not company.has_paid("0" * 26)


def test_a_locked_row_of_the_company_does_not_hold_the_question(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.sql("DELETE FROM factura")
    company.admin.begin()
    company.sql("SELECT * FROM afiliados FOR UPDATE")
    company.sql("SELECT * FROM overdue_attempt FOR UPDATE")
    asked: list[Course] = []

    def agree(met: Met) -> Met:
        asked.append(met.course)
        return met

    with pytest.raises(StoreError):
        company.store.calls.meet(attempt_id, NOW, agree)
    company.admin.rollback()
    assert asked == [Course.PAID], "the call goes on, whatever becomes of the note"


def test_what_is_noted_is_the_course_that_was_taken(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    company.sql("DELETE FROM factura")
    assert company.store.calls.meet(attempt_id, NOW, lambda _: None)
    row = company.attempt(attempt_id)
    assert (row["state"], row["course"]) == ("answered", "")


def test_paid_meanwhile_spends_an_attempt_and_delivers_nothing(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    end = CallEnd(16, "SIP 200 OK", ENDED_AT, NOW, THANKED, Course.PAID)
    company.store.calls.record_end(attempt_id, end)
    row = company.attempt(attempt_id)
    assert (row["outcome"], row["outcome_class"]) == ("paid_meanwhile", "person")
    assert (row["course"], row["heard_seconds"], row["heard_to_end"]) == ("paid", 2.5, 1)
    assert company.billing(customer) == (1, 0, None)


@pytest.mark.parametrize("heard", [True, False])
def test_what_the_answered_session_committed_outlives_the_pbx(
    company: Company, heard: bool
) -> None:
    attempt_id = company.dialing(company.customer())
    calls = company.store.calls
    company.meet(attempt_id, course=Course.PAID)
    if heard:
        calls.record_heard(attempt_id, Heard(Course.PAID, THANKED))
    calls.record_without_call(attempt_id, Outcome.LOST, ENDED_AT, "the PBX restarted")
    assert company.attempt(attempt_id)["outcome"] == "paid_meanwhile"


def test_an_end_whose_course_was_lost_takes_that_of_the_answer(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    company.meet(attempt_id, course=Course.PAID)
    company.store.calls.record_end(attempt_id, CallEnd(0, "", ENDED_AT, NOW, None))
    assert company.attempt(attempt_id)["outcome"] == "paid_meanwhile"


def test_a_destination_that_was_refused_on_answer_is_ours(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    end = CallEnd(21, "SIP 200 OK", ENDED_AT, ENDED_AT, None, Course.REFUSED)
    company.store.calls.record_end(attempt_id, end)
    row = company.attempt(attempt_id)
    assert (row["outcome"], row["outcome_class"]) == ("destination_refused", "ours")
    assert row["answered_at"] is not None
    assert company.billing(customer) == (0, 0, None)
