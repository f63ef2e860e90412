"""A customer's numbers: marked bad with the end of the attempt, shared by customers, counted."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from campaign.history import BadMark, History
from campaign.journal import CallEnd
from campaign.outcome import Outcome, OutcomeClass
from campaign.reason import Reason
from campaign.sections import Retry
from campaign.selection import Refusal
from tests.integration.conftest import NOW, NUMBER, TEST_RUN, Company

SECOND, THIRD, OTHER = "573002000000", "573003000000", "573009999999"
DOES_NOT_EXIST = CallEnd(1, "SIP 404 Not Found", NOW, None, None)
BUSY = CallEnd(17, "SIP 486 Busy Here", NOW, None, None)
MANY = 40


def read(company: Company, person: str, *numbers: str, now: datetime = NOW) -> History:
    return company.attempts.history([person], numbers, company.campaign, now)


@pytest.mark.parametrize("outcome", Outcome)
def test_the_end_of_an_attempt_marks_its_number_when_the_number_was_at_fault(
    company: Company, outcome: Outcome
) -> None:
    attempt_id = company.dialing(company.customer(), NUMBER, SECOND)
    assert company.store.calls.record_without_call(attempt_id, outcome, NOW, "test")
    marks = company.store.bad_numbers.all()
    is_bad = outcome.outcome_class is OutcomeClass.NUMBER
    assert marks == ({NUMBER: BadMark(outcome, NOW)} if is_bad else {})


def test_the_mark_is_in_the_transaction_of_the_end(company: Company) -> None:
    attempt_id = company.dialing(company.customer())
    company.sql("RENAME TABLE overdue_bad_number TO overdue_away")
    try:
        with pytest.raises(Exception, match="overdue_bad_number"):
            company.store.calls.record_end(attempt_id, DOES_NOT_EXIST)
        assert company.attempt(attempt_id)["state"] == "dialing"
    finally:
        company.sql("RENAME TABLE overdue_away TO overdue_bad_number")
    company.store.calls.record_end(attempt_id, DOES_NOT_EXIST)
    assert list(company.store.bad_numbers.all()) == [NUMBER]


def test_a_test_call_marks_a_number_too(company: Company) -> None:
    attempt_id = company.dialing(NUMBER, run_id=TEST_RUN)
    company.store.calls.record_end(attempt_id, DOES_NOT_EXIST)
    assert list(company.store.bad_numbers.all()) == [NUMBER]


def test_a_mark_can_be_taken_back_once_and_is_made_again_by_the_next_call(
    company: Company,
) -> None:
    for outcome in (Outcome.DOES_NOT_EXIST, Outcome.CHANGED):
        company.store.calls.record_without_call(company.dialing("1"), outcome, NOW, "test")
        assert company.store.bad_numbers.all() == {NUMBER: BadMark(outcome, NOW)}
        assert company.store.bad_numbers.take_back(NUMBER)
        assert not company.store.bad_numbers.take_back(NUMBER)
        assert not company.store.bad_numbers.all()


def test_history_shows_the_bad_ones_among_the_numbers_asked_for(company: Company) -> None:
    for customer, number in (("1", NUMBER), ("2", OTHER)):
        company.store.calls.record_end(company.dialing(customer, number), DOES_NOT_EXIST)
    assert set(read(company, "P", NUMBER, SECOND).bad_numbers) == {NUMBER}


@pytest.mark.parametrize("theirs", [(SECOND,), (OTHER, SECOND), (SECOND, NUMBER), (NUMBER,)])
def test_who_shares_a_number_is_not_called_meanwhile(
    company: Company, theirs: tuple[str, ...]
) -> None:
    attempt_id = company.claimed("1", NUMBER, SECOND)
    second = company.new_claim("2", *theirs, person="ELSE")
    assert company.claim(second) == Refusal("2", Reason.OPEN_ATTEMPT)
    company.attempts.release(attempt_id, NOW)
    assert company.claim(second) is None


def test_who_shares_a_number_is_free_when_the_call_has_ended(company: Company) -> None:
    company.store.calls.record_end(company.dialing("1", NUMBER, SECOND), BUSY)
    company.claimed("2", SECOND, OTHER, person="ELSE")


@pytest.mark.parametrize(
    ("person", "numbers"),
    [("PERSON", (OTHER,)), ("ELSE", (SECOND,)), ("ELSE", (NUMBER, OTHER)), ("PERSON", (NUMBER,))],
)
def test_a_call_is_history_for_the_person_and_for_everybody_who_shares_a_number(
    company: Company, person: str, numbers: tuple[str, ...]
) -> None:
    attempt_id = company.dialing("1", NUMBER, SECOND, person="PERSON")
    company.store.calls.record_end(attempt_id, BUSY)
    history = read(company, person, *numbers).of(person, numbers)
    assert [past.outcome for past in history.recent] == [Outcome.BUSY]
    assert history.recent[0].numbers == {NUMBER, SECOND}
    assert (history.spent_in_cycle, history.spent_in_all) == (1, 1)


def test_a_call_to_nobody_in_common_is_no_history(company: Company) -> None:
    company.store.calls.record_end(company.dialing("1", NUMBER, SECOND), BUSY)
    history = read(company, "ELSE", OTHER, THIRD).of("ELSE", [OTHER, THIRD])
    assert (list(history.recent), history.spent_in_cycle) == ([], 0)


def called(company: Company, at: datetime, end: CallEnd = BUSY) -> None:
    """A call of the moment ``at``."""
    attempt_id = company.dialing("1", NUMBER, SECOND, person="PERSON")
    company.store.calls.record_end(attempt_id, end)
    for table, key in (("overdue_attempt", "id"), ("overdue_attempt_number", "attempt_id")):
        company.sql(f"UPDATE {table} SET claimed_at = %s WHERE {key} = %s", at, attempt_id)  # noqa: S608


def counts(company: Company, limited: bool) -> tuple[int, int]:
    rules = Retry(attempts_in_all=1000 if limited else None)
    company.campaign = replace(company.campaign, retry=rules)
    history = read(company, "PERSON", NUMBER, SECOND, OTHER)
    person = history.of("PERSON", [NUMBER, SECOND, OTHER])
    return person.spent_in_cycle, person.spent_in_all


def test_the_cycle_is_the_month_and_older_calls_count_only_where_all_are_limited(
    company: Company,
) -> None:
    first = datetime(2026, 11, 1, 5, 0)  # noqa: DTZ001 (as the column; midnight in Bogotá)
    for at in (first, first - timedelta(milliseconds=1), first - timedelta(days=300)):
        called(company, at)
    called(company, first + timedelta(days=1), DOES_NOT_EXIST)
    assert counts(company, limited=False) == (1, 1)
    assert counts(company, limited=True) == (1, 3)


def test_a_reset_begins_the_cycle_anew(company: Company) -> None:
    for days in (1, 3, 40):
        called(company, NOW.replace(tzinfo=None) - timedelta(days=days))
    company.store.cycles.begin(company.source, "pruebas", NOW - timedelta(days=2))
    assert counts(company, limited=True) == (1, 3)


def test_many_calls_are_read_as_one_row(company: Company) -> None:
    for n in range(MANY):
        called(company, NOW.replace(tzinfo=None) - timedelta(days=4, minutes=n))
    seen: list[int] = []
    with company.store.database.transaction() as transaction:
        rows = transaction.rows(
            "spent_attempts", persons=["PERSON"], numbers=[NUMBER, SECOND],
            cycle=NOW - timedelta(days=10), since=NOW - timedelta(days=10),
        )  # fmt: skip
        seen += [row["in_cycle"] for row in rows]
    assert seen == [MANY]
