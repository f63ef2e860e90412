from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from campaign.cycle import cycle_at
from campaign.eligibility import CustomerRow
from campaign.file import Campaign
from campaign.history import History, RecordedAttempt
from campaign.law import LAWS
from campaign.outcome import Outcome
from campaign.reason import Reason
from campaign.why import Answer, explain

NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # a Monday, 15:00 in Bogotá
NUMBER = "573001234567"
ROW = CustomerRow("7", (NUMBER,), cut_day=23, flag=1, sent=0, debt=Decimal(1))
TODAY = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def between_calls(days: int, *outcomes: Outcome) -> list[Answer]:
    campaign = Campaign(name="c", law=replace(LAWS["co-ley-2300"], contact_days=days))
    calls = [RecordedAttempt(NUMBER, frozenset({NUMBER}), outcome, TODAY) for outcome in outcomes]
    history = History(cycle_at(NOW, campaign.time_zone, None), calls)
    told = explain(ROW, history, campaign, NOW, in_campaign=True)
    return [answer for answer in told.answers if answer.rule == "between calls"]


@pytest.mark.parametrize(
    ("days", "words", "over"),
    [(1, "one contact a day", 24), (7, "one contact in 7 days", 30)],
)
def test_the_laws_own_rule_is_named_with_how_often_it_allows_a_contact(
    days: int, words: str, over: int
) -> None:
    (answer,) = between_calls(days, Outcome.DELIVERED)
    assert answer.against is Reason.ANSWERED_TODAY
    assert answer.fact == f"law co-ley-2300: {words} with a person"
    assert answer.not_before == datetime(2026, 11, over, 5, 0, tzinfo=UTC)


def test_the_campaigns_own_rules_are_not_the_laws() -> None:
    (answer,) = between_calls(7, Outcome.DECLINED)
    assert (answer.against, answer.fact) == (Reason.DECLINED_TODAY, "")


def test_how_often_the_law_allows_a_contact_is_told_where_nothing_is_against_a_call() -> None:
    (answer,) = between_calls(7)
    assert answer.fact == "60 minutes at least, one contact in 7 days with a person"
