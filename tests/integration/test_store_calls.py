"""What the call reports: the first final word wins, in whatever order the reports come."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from campaign.attempt import FINAL, State
from campaign.heard import Heard
from campaign.journal import CallEnd, Course, Leg
from campaign.outcome import Outcome
from campaign.store import RecordedEnd, StoreError
from tests.integration.conftest import NOW, NUMBER, TEST_RUN, Company

ANSWERED_AT = NOW + timedelta(seconds=4)
ENDED_AT = NOW + timedelta(seconds=26, milliseconds=345)
COMPLETED = datetime.fromisoformat("2026-11-20T10:00:26")
"""The same moment as the company writes it: local time in Bogotá."""
LEG = Leg(21.5, finished=True, keys="1@3.02 9@5.10", by="agi")
HEARD = Heard(Course.ANNOUNCEMENT, LEG)
DELIVERED = CallEnd(16, "SIP 200 OK", ENDED_AT, ANSWERED_AT, LEG)
BUSY = CallEnd(17, "SIP 486 Busy Here", ENDED_AT, None, None)
ENDS = {
    Outcome.DELIVERED: DELIVERED,
    Outcome.HUNG_UP_EARLY: CallEnd(
        0, "", ENDED_AT, ANSWERED_AT, Leg(1.0, finished=False, keys="", by="agi")
    ),
    Outcome.BUSY: BUSY,
    Outcome.NO_ANSWER: CallEnd(19, "SIP 180 Ringing", ENDED_AT, None, None),
    Outcome.DECLINED: CallEnd(21, "SIP 603 Declined", ENDED_AT, None, None),
    Outcome.DOES_NOT_EXIST: CallEnd(1, "SIP 404 Not Found", ENDED_AT, None, None),
    Outcome.CHANGED: CallEnd(22, "SIP 410 Gone", ENDED_AT, None, None),
    Outcome.BAD_FORMAT: CallEnd(28, "SIP 484 Address Incomplete", ENDED_AT, None, None),
    Outcome.CONGESTION: CallEnd(34, "SIP 503 Service Unavailable", ENDED_AT, None, None),
    Outcome.NETWORK_FAILURE: CallEnd(38, "SIP 500 Server Error", ENDED_AT, None, None),
    Outcome.TRUNK_SILENT: CallEnd(19, "", ENDED_AT, None, None),
    Outcome.TRUNK_DOWN: CallEnd(20, "", ENDED_AT, None, None),
    Outcome.TRUNK_REFUSED: CallEnd(21, "SIP 403 Forbidden", ENDED_AT, None, None),
    Outcome.CODEC_MISMATCH: CallEnd(58, "SIP 488 Not Acceptable Here", ENDED_AT, None, None),
    Outcome.UNKNOWN: CallEnd(0, "", ENDED_AT, None, None),
}


def test_an_end_is_written_once_with_all_that_is_known(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    assert company.store.calls.record_end(attempt_id, DELIVERED) is RecordedEnd.RECORDED
    row = company.attempt(attempt_id)
    assert (row["state"], row["outcome"], row["outcome_class"]) == ("ended", "delivered", "person")
    assert row["is_open"] is None
    assert (row["q850"], row["tech_cause"]) == (16, "SIP 200 OK")
    assert row["answered_at"] == ANSWERED_AT.replace(tzinfo=None)
    assert row["ended_at"] == ENDED_AT.replace(tzinfo=None)
    assert float(row["heard_seconds"]) == 21.5
    assert row["heard_to_end"] == 1
    assert (row["keys_pressed"], row["played_by"]) == ("1@3.02 9@5.10", "agi")


def test_the_same_end_again_changes_nothing(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.store.calls.record_end(attempt_id, DELIVERED)
    before, billing = company.attempt(attempt_id), company.billing(customer)
    assert company.store.calls.record_end(attempt_id, DELIVERED) is RecordedEnd.ALREADY_FINAL
    assert company.attempt(attempt_id) == before
    assert company.billing(customer) == billing == (1, 1, COMPLETED)
    assert company.notes(attempt_id) == []


def test_a_contradicting_end_is_kept_as_a_note(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.store.calls.record_end(attempt_id, BUSY)
    before, billing = company.attempt(attempt_id), company.billing(customer)
    assert company.store.calls.record_end(attempt_id, DELIVERED) is RecordedEnd.CONTRADICTION
    assert company.attempt(attempt_id) == before
    assert company.billing(customer) == billing
    assert company.notes(attempt_id) == ["reported again as delivered, Q.850 16, SIP 200 OK"]


def test_an_attempt_is_open_final_or_unknown(company: Company) -> None:
    attempt = company.dialing(company.customer())
    calls = company.store.calls
    assert calls.finality(attempt) == "open"
    calls.record_end(attempt, BUSY)
    assert calls.finality(attempt) == "final"
    assert calls.finality("0" * 26) == "unknown_attempt"


def test_an_unknown_attempt_is_said_to_be_unknown(company: Company) -> None:
    assert company.store.calls.record_end("0" * 26, BUSY) is RecordedEnd.UNKNOWN_ATTEMPT
    assert not company.meet("0" * 26)
    assert not company.store.calls.record_heard("0" * 26, HEARD)
    assert not company.store.calls.record_without_call("0" * 26, Outcome.LOST, NOW, "test")


def test_reports_that_come_after_the_end_change_nothing(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    company.store.calls.record_end(attempt_id, BUSY)
    before = company.attempt(attempt_id)
    assert not company.meet(attempt_id)
    assert not company.store.calls.record_heard(attempt_id, HEARD)
    assert not company.store.calls.record_without_call(attempt_id, Outcome.LOST, NOW, "test")
    assert company.attempt(attempt_id) == before
    assert company.notes(attempt_id) == []


def test_every_order_of_the_reports_leads_to_the_same_row(company: Company) -> None:
    customer = company.customer()
    calls = company.store.calls
    final = []
    for order in permutations(("answered", "heard", "ended")):
        attempt_id = company.dialing(customer)
        for report in order:
            if report == "answered":
                company.meet(attempt_id, ANSWERED_AT)
            elif report == "heard":
                calls.record_heard(attempt_id, HEARD)
            else:
                assert calls.record_end(attempt_id, DELIVERED) is RecordedEnd.RECORDED
        final.append({**company.attempt(attempt_id), "id": "", "closed_at": None})
    assert all(row == final[0] for row in final)
    assert company.billing(customer)[0] == len(final)


def test_what_was_heard_counts_although_the_end_does_not_know_it(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    assert company.meet(attempt_id, ANSWERED_AT)
    assert company.store.calls.record_heard(attempt_id, HEARD)
    end = CallEnd(0, "", ENDED_AT, ANSWERED_AT, None)
    assert company.store.calls.record_end(attempt_id, end) is RecordedEnd.RECORDED
    row = company.attempt(attempt_id)
    assert row["outcome"] == "delivered"
    assert float(row["heard_seconds"]) == 21.5


def test_what_was_heard_can_be_reported_twice(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    assert company.store.calls.record_heard(attempt_id, HEARD)
    assert company.store.calls.record_heard(attempt_id, HEARD)


def test_an_answered_call_without_a_leg_is_judged_by_its_length(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    company.store.calls.record_end(attempt_id, CallEnd(16, "", ENDED_AT, ANSWERED_AT, None))
    row = company.attempt(attempt_id)
    assert row["outcome"] == "delivered"
    assert float(row["heard_seconds"]) == pytest.approx(22.35, abs=0.011)
    assert row["heard_to_end"] == 0


def test_a_clock_that_jumped_during_a_call_does_not_keep_its_attempt_open(
    company: Company,
) -> None:
    attempt_id = company.dialing(company.customer())
    end = CallEnd(16, "", ENDED_AT, ANSWERED_AT - timedelta(days=9_000), None)
    assert company.store.calls.record_end(attempt_id, end) is RecordedEnd.RECORDED
    assert float(company.attempt(attempt_id)["heard_seconds"]) == 999_999.99


@pytest.mark.parametrize(("outcome", "end"), ENDS.items())
def test_only_what_the_person_did_spends_an_attempt(
    company: Company, outcome: Outcome, end: CallEnd
) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    assert company.store.calls.record_end(attempt_id, end) is RecordedEnd.RECORDED
    assert company.attempt(attempt_id)["outcome"] == outcome
    attempts, sent, completed = company.billing(customer)
    assert attempts == (outcome.outcome_class == "person")
    assert sent == (outcome is Outcome.DELIVERED)
    wanted = COMPLETED if outcome is Outcome.DELIVERED else None
    assert completed == wanted


def test_attempts_are_counted_from_null_and_on(company: Company) -> None:
    customer = company.customer(outbound_call_attempts=None)
    for turn in (1, 2):
        company.store.calls.record_end(company.dialing(customer), BUSY)
        assert company.billing(customer)[0] == turn


def test_a_later_busy_call_leaves_the_delivery_as_it_is(company: Company) -> None:
    customer = company.customer()
    company.store.calls.record_end(company.dialing(customer), DELIVERED)
    delivered = company.billing(customer)
    company.store.calls.record_end(company.dialing(customer), BUSY)
    assert company.billing(customer) == (2, *delivered[1:])


@pytest.mark.parametrize("outcome", [Outcome.LOST, Outcome.NOT_PLACED])
def test_a_call_without_an_end_is_settled_with_its_reason(
    company: Company, outcome: Outcome
) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    assert company.store.calls.record_without_call(attempt_id, outcome, NOW, "why")
    row = company.attempt(attempt_id)
    assert (row["state"], row["outcome"], row["q850"]) == ("ended", outcome, None)
    assert company.notes(attempt_id) == ["why"]
    assert company.billing(customer) == (0, 0, None)
    assert not company.store.calls.record_without_call(attempt_id, outcome, NOW, "why")
    assert company.notes(attempt_id) == ["why"]


def test_a_call_that_was_answered_was_placed_whatever_the_evidence_lacks(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.meet(attempt_id)
    calls = company.store.calls
    assert calls.record_without_call(attempt_id, Outcome.NOT_PLACED, ENDED_AT, "no trace of it")
    assert company.attempt(attempt_id)["outcome"] == "lost"


def test_what_was_heard_counts_also_where_the_end_is_lost(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.store.calls.record_heard(attempt_id, HEARD)
    assert company.store.calls.record_without_call(attempt_id, Outcome.LOST, NOW, "why")
    assert company.attempt(attempt_id)["outcome"] == "delivered"
    assert company.billing(customer)[:2] == (1, 1)


def test_a_test_call_writes_nothing_of_the_company(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer, run_id=TEST_RUN)
    assert company.store.calls.record_end(attempt_id, DELIVERED) is RecordedEnd.RECORDED
    assert company.attempt(attempt_id)["outcome"] == "delivered"
    assert company.billing(customer) == (0, 0, None)


def test_a_company_row_that_cannot_be_written_keeps_the_attempt_open(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.sql(
        "CREATE TRIGGER refuse BEFORE UPDATE ON afiliados FOR EACH ROW"
        " SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'closed for the month'"
    )
    with pytest.raises(StoreError, match="closed for the month"):
        company.store.calls.record_end(attempt_id, DELIVERED)
    assert company.attempt(attempt_id)["state"] == "dialing"
    company.sql("DROP TRIGGER refuse")
    assert company.store.calls.record_end(attempt_id, DELIVERED) is RecordedEnd.RECORDED
    assert company.billing(customer)[0] == 1


def test_a_customer_who_was_deleted_does_not_keep_the_attempt_open(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.sql("DELETE FROM afiliados")
    assert company.store.calls.record_end(attempt_id, DELIVERED) is RecordedEnd.RECORDED


def test_a_long_text_of_the_network_is_cut_to_the_column(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    end = CallEnd(17, "SIP 486 " + "Ñ😀" * 200, ENDED_AT, None, None)
    assert company.store.calls.record_end(attempt_id, end) is RecordedEnd.RECORDED
    assert len(company.attempt(attempt_id)["tech_cause"]) == 64


@pytest.mark.parametrize("state", ["claimed", *FINAL])
def test_an_end_of_a_call_that_was_not_on_its_way_writes_nothing(
    company: Company, state: str
) -> None:
    customer = company.customer()
    attempt_id = company.claimed(customer)
    company.put(attempt_id, state)
    before = company.attempt(attempt_id)
    if state == State.CLAIMED:
        with pytest.raises(StoreError, match="could not become ended"):
            company.store.calls.record_end(attempt_id, DELIVERED)
        with pytest.raises(StoreError, match="could not become ended"):
            company.store.calls.record_without_call(attempt_id, Outcome.LOST, NOW, "test")
    else:
        assert company.store.calls.record_end(attempt_id, DELIVERED) is RecordedEnd.CONTRADICTION
        assert not company.store.calls.record_without_call(attempt_id, Outcome.LOST, NOW, "test")
    assert company.attempt(attempt_id) == before
    assert company.billing(customer) == (0, 0, None)


def test_times_are_utc_in_milliseconds(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    at = datetime(2026, 11, 20, 15, 0, 1, 987_654, tzinfo=UTC)
    company.meet(attempt_id, at)
    assert company.attempt(attempt_id)["answered_at"] == datetime.fromisoformat(
        "2026-11-20T15:00:01.987"
    )


@pytest.mark.parametrize("hours", [-2, 0, 2])
def test_a_pbx_with_a_wrong_clock_moves_no_call(company: Company, hours: int) -> None:
    """By the end of a call the next one is spaced: two hours ago would be long enough."""
    attempt_id = company.dialing(company.customer())
    company.sql("UPDATE overdue_attempt SET dialing_at = UTC_TIMESTAMP(3) - INTERVAL 30 SECOND")
    dialing_at = company.attempt(attempt_id)["dialing_at"].replace(tzinfo=UTC)
    answered_at, ended_at = (dialing_at + timedelta(seconds=s, hours=hours) for s in (4, 20))
    end = replace(DELIVERED, answered_at=answered_at, ended_at=ended_at)
    assert company.store.calls.record_end(attempt_id, end) is RecordedEnd.RECORDED
    row = company.attempt(attempt_id)
    assert row["outcome"] == "delivered"
    told = {"answered_at": answered_at, "ended_at": ended_at}
    sane = {
        -2: dict.fromkeys(told, dialing_at),
        0: told,
        2: dict.fromkeys(told, row["closed_at"].replace(tzinfo=UTC)),
    }[hours]
    for column, moment in sane.items():
        assert abs(row[column].replace(tzinfo=UTC) - moment) < timedelta(seconds=1)
    note = f"by the PBX's clock it ended at {ended_at:%Y-%m-%d %H:%M:%S} UTC"
    assert company.notes(attempt_id) == ([note] if hours else [])


def test_standing_tells_outcome_and_seconds(company: Company) -> None:
    one, two = company.dialing("1"), company.dialing("2", "573002222222")
    company.store.calls.record_end(one, DELIVERED)
    standing = company.attempts.standing([one, two, "0" * 26])
    assert set(standing) == {one, two}
    assert (standing[one].outcome, standing[one].heard_seconds) == (Outcome.DELIVERED, 21.5)
    assert (standing[two].state, standing[two].outcome) == (State.DIALING, None)
    assert [a.attempt_id for a in company.attempts.open()] == [two]
    history = company.attempts.history([NUMBER], [NUMBER], company.campaign, NOW)
    assert [past.outcome for past in history.of(NUMBER, []).recent] == [Outcome.DELIVERED]
