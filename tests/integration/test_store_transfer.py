"""Transfers and opt-outs that only the PBX's journal tells of."""

from datetime import timedelta

import pytest

from campaign.journal import CallEnd, Course, Leg, Talk
from campaign.outcome import Outcome
from campaign.store.talks import CallBack
from tests.integration.conftest import NOW, NUMBER, Company, Row

ANSWERED_AT = NOW + timedelta(seconds=5)
TALK_FROM = NOW + timedelta(seconds=12)
ENDED_AT = NOW + timedelta(seconds=46.5)
SHORT = Leg(1.0, finished=False, keys="2@1.00", by="agi")


def ended(company: Company, course: Course, talk: Talk | None = None, leg: Leg = SHORT) -> Row:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.sql("UPDATE overdue_attempt SET dialing_at = %s", NOW)
    company.sql("SET TIMESTAMP = DEFAULT")
    end = CallEnd(16, "SIP 200 OK", ENDED_AT, ANSWERED_AT, leg, course, talk)
    for _ in range(2):
        company.store.calls.record_end(attempt_id, end)
    return company.attempt(attempt_id)


def events(company: Company) -> list[tuple[str, str, float]]:
    rows = company.sql("SELECT kind, detail, at_seconds FROM overdue_event ORDER BY place")
    return [(row["kind"], row["detail"], float(row["at_seconds"])) for row in rows]


@pytest.mark.parametrize("by", ["customer", "agent", "limit"])
def test_a_talk_is_recorded_with_its_seconds_and_who_ended_it(company: Company, by: str) -> None:
    row = ended(company, Course.TRANSFERRED, Talk(TALK_FROM, by))
    assert row["outcome"] == Outcome.TRANSFERRED
    assert float(row["talk_seconds"]) == 34.5
    assert events(company) == [("transfer", f"talked 34.50 s, ended by {by}", 7.0)]


def test_whoever_reached_nobody_wants_to_be_called_back(company: Company) -> None:
    row = ended(company, Course.ANNOUNCEMENT, Talk(None, "noanswer"))
    assert row["outcome"] == Outcome.HUNG_UP_EARLY
    assert row["talk_seconds"] is None
    assert events(company) == [("call_back", "noanswer", 41.5)]
    company.sql("UPDATE overdue_attempt SET answered_at = %s", ANSWERED_AT)
    assert company.store.talks.call_backs("clientes", NOW.replace(year=2000)) == []
    (wish,) = company.store.talks.call_backs("afiliados", NOW.replace(year=1971))
    assert wish == CallBack(row["customer_id"], NUMBER, ANSWERED_AT, "noanswer")


def test_an_opt_out_that_only_the_journal_tells_is_in_force(company: Company) -> None:
    row = ended(company, Course.DO_NOT_CALL)
    assert row["outcome"] == Outcome.OPTED_OUT
    assert company.store.do_not_call.counts() == [("all", "key", 1)]


def test_a_wrong_number_that_only_the_journal_tells_is_marked(company: Company) -> None:
    row = ended(company, Course.WRONG_PERSON)
    assert row["outcome"] == Outcome.WRONG_PERSON
    (wrong,) = company.store.bad_numbers.wrong("afiliados")
    assert (wrong.customer_id, wrong.number) == (row["customer_id"], NUMBER)


@pytest.mark.parametrize(
    ("course", "sent"),
    [(Course.ANNOUNCEMENT, 1), (Course.TRANSFERRED, 1), (Course.PROMISED, 0),
     (Course.WRONG_PERSON, 0)],
)  # fmt: skip
def test_who_promises_is_not_done_with_although_he_heard_it_all(
    company: Company, course: Course, sent: int
) -> None:
    row = ended(company, course, leg=Leg(20.0, finished=True, keys="", by="agi"))
    assert company.billing(row["customer_id"])[1] == sent
