"""The verdict in one place: the row, the history, and both again inside the claim."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from campaign.eligibility import Candidate, CustomerRow
from campaign.file import Campaign
from campaign.outcome import Outcome
from campaign.reason import Reason
from campaign.selection import RecordedAttempt, Refusal, due, may_repeat, still_callable
from campaign.source import Source

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CAMPAIGN = Campaign(name="pruebas", source=Source(person="cedula"))
ROW = CustomerRow("7", "300 123 4567", "20", 1, 0, Decimal(100), "1.023.456")
NUMBER = "573001234567"
PERSON = "1023456"


def candidate(row: CustomerRow = ROW) -> Candidate:
    verdict = due(row, CAMPAIGN, NOW)
    assert isinstance(verdict, Candidate)
    return verdict


def past(
    outcome: Outcome | None,
    minutes: float = 1,
    person: str = PERSON,
    number: str = NUMBER,
) -> RecordedAttempt:
    return RecordedAttempt(person, number, outcome, NOW - timedelta(minutes=minutes))


def test_a_row_that_stayed_as_it_was_may_be_called() -> None:
    assert still_callable(candidate(), ROW, [], CAMPAIGN, NOW) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"debt": None}, Reason.NOTHING_OWED),
        ({"debt": Decimal(0)}, Reason.NOTHING_OWED),
        ({"flag": 0}, Reason.NOT_FLAGGED),
        ({"flag": None}, Reason.NOT_FLAGGED),
        ({"sent": 1}, Reason.ALREADY_SENT),
        ({"sent": None}, Reason.ALREADY_SENT),
        ({"cut_day": "28"}, Reason.NOT_DUE),
        ({"cut_day": "quince"}, Reason.BAD_CUT_DAY),
        ({"phone": "3009999999"}, Reason.ROW_CHANGED),
        ({"phone": None}, Reason.BAD_NUMBER),
        ({"person": "999"}, Reason.ROW_CHANGED),
        ({"person": None}, Reason.ROW_CHANGED),
    ],
)
def test_what_changed_in_the_row_is_against_it(change: dict[str, object], reason: Reason) -> None:
    row = replace(ROW, **change)  # type: ignore[arg-type]
    refusal = still_callable(candidate(), row, [], CAMPAIGN, NOW)
    assert isinstance(refusal, Refusal)
    assert (refusal.customer_id, refusal.reason) == ("7", reason)


@pytest.mark.parametrize("change", [{"phone": "+57 (300) 123-4567"}, {"person": "1023456"}])
def test_the_same_number_or_person_spelled_otherwise_is_no_change(
    change: dict[str, object],
) -> None:
    row = replace(ROW, **change)  # type: ignore[arg-type]
    assert still_callable(candidate(), row, [], CAMPAIGN, NOW) is None


def test_a_row_that_is_gone_is_not_called() -> None:
    assert still_callable(candidate(), None, [], CAMPAIGN, NOW) == Refusal("7", Reason.NOT_FLAGGED)


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (past(None), Reason.OPEN_ATTEMPT),
        (past(Outcome.DELIVERED), Reason.ANSWERED_TODAY),
        (past(Outcome.LOST), Reason.UNCERTAIN_TODAY),
        (past(Outcome.BUSY), Reason.SPACING),
        (past(Outcome.BUSY, person="ELSE"), Reason.SPACING),
        (past(Outcome.BUSY, number="573009999999"), Reason.SPACING),
        (past(Outcome.NOT_PLACED), Reason.BACK_OFF),
        (past(Outcome.DOES_NOT_EXIST, minutes=60 * 24 * 400), Reason.NUMBER_DEAD),
    ],
)
def test_history_is_judged_again_in_the_claim(attempt: RecordedAttempt, reason: Reason) -> None:
    refusal = still_callable(candidate(), ROW, [attempt], CAMPAIGN, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason


@pytest.mark.parametrize(
    "attempt",
    [
        past(Outcome.DELIVERED, person="ELSE", number="573009999999"),
        past(Outcome.DOES_NOT_EXIST, number="573009999999"),
        past(Outcome.BUSY, minutes=61),
        past(Outcome.DELIVERED, minutes=60 * 24),
    ],
)
def test_what_concerns_others_or_is_over_is_passed_over(attempt: RecordedAttempt) -> None:
    assert still_callable(candidate(), ROW, [attempt], CAMPAIGN, NOW) is None


def test_a_pause_tells_when_it_is_over() -> None:
    refusal = may_repeat(candidate(), [past(Outcome.BUSY, minutes=20)], CAMPAIGN, NOW)
    assert refusal is not None
    assert refusal.not_before == NOW + timedelta(minutes=40)


def test_the_day_is_the_one_of_the_campaigns_zone() -> None:
    late = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # the 19th, 21:00 in Bogotá
    assert isinstance(due(replace(ROW, cut_day="21"), CAMPAIGN, late), Refusal)
    assert isinstance(due(replace(ROW, cut_day="20"), CAMPAIGN, late), Candidate)
