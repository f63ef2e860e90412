"""The verdict in one place: the row, the history, and both again inside the claim."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from campaign.cycle import cycle_at
from campaign.eligibility import Candidate, CustomerRow, Debtor
from campaign.file import Campaign
from campaign.history import BadMark, History, RecordedAttempt, SpentAttempts
from campaign.outcome import Outcome
from campaign.reason import Reason
from campaign.selection import Refusal, due, judge, still_callable
from campaign.source import Source

NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
CAMPAIGN = Campaign(name="pruebas", source=Source(person="cedula"))
FIRST, SECOND, OTHER = "573001234567", "573107654321", "573009999999"
ROW = CustomerRow("7", ("300 123 4567 / 310 765 4321",), "20", 1, 0, Decimal(100), "1.023.456")
PERSON = "1023456"
CYCLE = cycle_at(NOW, CAMPAIGN.time_zone, None)
NOTHING = History(CYCLE)


def debtor(row: CustomerRow = ROW) -> Debtor:
    verdict = due(row, CAMPAIGN, NOW)
    assert isinstance(verdict, Debtor)
    return verdict


def candidate(row: CustomerRow = ROW) -> Candidate:
    verdict = judge(debtor(row), NOTHING, CAMPAIGN, NOW)
    assert isinstance(verdict, Candidate)
    return verdict


def past(
    outcome: Outcome | None,
    minutes: float = 0.5,
    person: str = PERSON,
    numbers: tuple[str, ...] = (FIRST, SECOND),
) -> RecordedAttempt:
    return RecordedAttempt(person, frozenset(numbers), outcome, NOW - timedelta(minutes=minutes))


def bad(*numbers: str) -> dict[str, BadMark]:
    return {number: BadMark(Outcome.DOES_NOT_EXIST, NOW) for number in numbers}


def test_a_row_that_stayed_as_it_was_may_be_called() -> None:
    assert still_callable(candidate(), ROW, NOTHING, CAMPAIGN, NOW) is None


def test_the_first_number_is_called_first() -> None:
    assert candidate().number.digits == FIRST


def test_a_bad_number_is_passed_over() -> None:
    verdict = judge(debtor(), History(CYCLE, bad_numbers=bad(FIRST)), CAMPAIGN, NOW)
    assert isinstance(verdict, Candidate)
    assert verdict.number.digits == SECOND


def test_without_a_good_number_nobody_is_called() -> None:
    verdict = judge(debtor(), History(CYCLE, bad_numbers=bad(FIRST, SECOND)), CAMPAIGN, NOW)
    assert verdict == Refusal("7", Reason.NUMBER_DEAD, "does_not_exist")


@pytest.mark.parametrize("marked", [(FIRST,), (FIRST, SECOND)])
def test_a_number_that_turned_bad_since_the_selection_is_not_dialled(
    marked: tuple[str, ...],
) -> None:
    history = History(CYCLE, bad_numbers=bad(*marked))
    refusal = still_callable(candidate(), ROW, history, CAMPAIGN, NOW)
    assert refusal is not None
    assert refusal.reason is (Reason.OTHER_NUMBER if len(marked) == 1 else Reason.NUMBER_DEAD)


def test_fields_are_tried_in_their_order_and_a_number_in_both_counts_once() -> None:
    row = replace(ROW, phones=("", "3107654321", "+57 300 123 4567 y 3107654321"))
    assert [number.digits for number in debtor(row).numbers] == [SECOND, FIRST]


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
        ({"phones": ("3009999999", "3107654321")}, Reason.ROW_CHANGED),
        ({"phones": ("3001234567", None)}, Reason.ROW_CHANGED),
        ({"phones": ("3107654321", "3001234567")}, Reason.ROW_CHANGED),
        ({"phones": (None, "")}, Reason.BAD_NUMBER),
        ({"person": "999"}, Reason.ROW_CHANGED),
        ({"person": None}, Reason.ROW_CHANGED),
    ],
)
def test_what_changed_in_the_row_is_against_it(change: dict[str, object], reason: Reason) -> None:
    row = replace(ROW, **change)  # type: ignore[arg-type]
    refusal = still_callable(candidate(), row, NOTHING, CAMPAIGN, NOW)
    assert isinstance(refusal, Refusal)
    assert (refusal.customer_id, refusal.reason) == ("7", reason)


@pytest.mark.parametrize(
    "change", [{"phones": ("+57 (300) 123-4567", 3107654321)}, {"person": "1023456"}]
)
def test_the_same_number_or_person_spelled_otherwise_is_no_change(
    change: dict[str, object],
) -> None:
    row = replace(ROW, **change)  # type: ignore[arg-type]
    assert still_callable(candidate(), row, NOTHING, CAMPAIGN, NOW) is None


def test_a_row_that_is_gone_is_not_called() -> None:
    assert still_callable(candidate(), None, NOTHING, CAMPAIGN, NOW) == Refusal(
        "7", Reason.NOT_FLAGGED
    )


@pytest.mark.parametrize(
    ("attempt", "reason"),
    [
        (past(None), Reason.OPEN_ATTEMPT),
        (past(Outcome.DELIVERED), Reason.ANSWERED_TODAY),
        (past(Outcome.LOST), Reason.UNCERTAIN_TODAY),
        (past(Outcome.BUSY), Reason.SPACING),
        (past(Outcome.BUSY, person="ELSE"), Reason.SPACING),
        (past(Outcome.BUSY, person="ELSE", numbers=(OTHER, SECOND)), Reason.SPACING),
        (past(Outcome.BUSY, numbers=(OTHER,)), Reason.SPACING),
        (past(Outcome.NOT_PLACED), Reason.BACK_OFF),
    ],
)
def test_history_is_judged_again_in_the_claim(attempt: RecordedAttempt, reason: Reason) -> None:
    refusal = still_callable(candidate(), ROW, History(CYCLE, [attempt]), CAMPAIGN, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.reason is reason


@pytest.mark.parametrize(
    "attempt",
    [
        past(Outcome.DELIVERED, person="ELSE", numbers=(OTHER,)),
        past(Outcome.DOES_NOT_EXIST),
        past(Outcome.BUSY, minutes=61),
        past(Outcome.DELIVERED, minutes=60 * 24),
    ],
)
def test_what_concerns_others_or_is_over_is_passed_over(attempt: RecordedAttempt) -> None:
    assert still_callable(candidate(), ROW, History(CYCLE, [attempt]), CAMPAIGN, NOW) is None


def test_spent_attempts_are_added_up_over_all_who_share_a_number_each_once() -> None:
    spent = [
        SpentAttempts(PERSON, frozenset({FIRST, SECOND}), 5, 6),
        SpentAttempts("ELSE", frozenset({SECOND, OTHER}), 6, 60),
        SpentAttempts("NOBODY", frozenset({OTHER}), 100, 100),
    ]
    history = History(CYCLE, spent=spent).of(PERSON, [FIRST, SECOND])
    assert (history.spent_in_cycle, history.spent_in_all) == (11, 66)
    one_more = [*spent, SpentAttempts(PERSON, frozenset({"573005555555"}), 1, 1)]
    assert isinstance(judge(debtor(), History(CYCLE, spent=spent), CAMPAIGN, NOW), Candidate)
    refusal = judge(debtor(), History(CYCLE, spent=one_more), CAMPAIGN, NOW)
    assert refusal == Refusal("7", Reason.CYCLE_SPENT, not_before=CYCLE.until)


def test_a_pause_tells_when_it_is_over() -> None:
    history = History(CYCLE, [past(Outcome.BUSY, minutes=20)])
    refusal = judge(debtor(), history, CAMPAIGN, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.not_before == NOW + timedelta(minutes=40)


def test_who_is_not_due_yet_is_due_from_the_beginning_of_a_day() -> None:
    refusal = due(replace(ROW, cut_day="28"), CAMPAIGN, NOW)
    assert isinstance(refusal, Refusal)
    assert refusal.not_before == datetime(2026, 11, 27, 5, 0, tzinfo=UTC)


def test_the_day_is_the_one_of_the_campaigns_zone() -> None:
    late = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)  # the 19th, 21:00 in Bogotá
    assert isinstance(due(replace(ROW, cut_day="21"), CAMPAIGN, late), Refusal)
    assert isinstance(due(replace(ROW, cut_day="20"), CAMPAIGN, late), Debtor)
