from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations
from typing import Literal
from zoneinfo import ZoneInfo

import pytest

from campaign.cycle import Cycle, cycle_at
from campaign.file import Campaign
from campaign.history import PersonHistory, RecordedAttempt
from campaign.law import LAWS, Law
from campaign.outcome import Outcome, OutcomeClass
from campaign.reason import Reason
from campaign.retry import REFUSALS_PER_DAY, Block, blocks, look_back, verdict
from campaign.sections import After, Breaker, Retry

BOGOTA = ZoneInfo("America/Bogota")
RULES = Retry(attempts_per_day=3, spacing_minutes=60)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # 15:00 in Bogotá
MIDNIGHT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
TOMORROW = MIDNIGHT + timedelta(days=1)
MINUTE = timedelta(minutes=1)
MONTH = cycle_at(NOW, BOGOTA, None)
PERSON = [o for o in Outcome if o.outcome_class is OutcomeClass.PERSON]
NUMBER = [o for o in Outcome if o.outcome_class is OutcomeClass.NUMBER]
REACHED = [Outcome.LOST, Outcome.UNKNOWN, Outcome.DESTINATION_REFUSED]
"""Calls that did, or may have, reached the person through nothing that he did."""
BACKED_OFF = [o for o in Outcome if o not in [*PERSON, *NUMBER, *REACHED]]
REST_OF_DAY = {
    Outcome.DELIVERED: Reason.ANSWERED_TODAY,
    Outcome.HUNG_UP_EARLY: Reason.ANSWERED_TODAY,
    Outcome.PAID_MEANWHILE: Reason.ANSWERED_TODAY,
    Outcome.NOT_CONFIRMED: Reason.ANSWERED_TODAY,
    Outcome.MACHINE: Reason.ANSWERED_TODAY,
    Outcome.WRONG_PERSON: Reason.ANSWERED_TODAY,
    Outcome.OPTED_OUT: Reason.ANSWERED_TODAY,
    Outcome.PROMISED: Reason.ANSWERED_TODAY,
    Outcome.TRANSFERRED: Reason.ANSWERED_TODAY,
    Outcome.DESTINATION_REFUSED: Reason.ANSWERED_TODAY,
    Outcome.DECLINED: Reason.DECLINED_TODAY,
    Outcome.LOST: Reason.UNCERTAIN_TODAY,
    Outcome.UNKNOWN: Reason.UNCERTAIN_TODAY,
}


def past(outcome: Outcome | None, at: datetime) -> RecordedAttempt:
    return RecordedAttempt("1023456", frozenset({"573001234567"}), outcome, at)


def judge(
    *recent: RecordedAttempt,
    now: datetime = NOW,
    rules: Retry = RULES,
    contact: Literal["answered", "attempted"] = "answered",
    in_cycle: int = 0,
    in_all: int = 0,
    cycle: Cycle = MONTH,
    law: Law = LAWS["co-ley-2300"],
) -> Block | None:
    campaign = Campaign(name="pruebas", retry=rules, contact=contact, law=law)
    return verdict(PersonHistory(recent, in_cycle, in_all, cycle), campaign, now)


def reason(block: Block | None) -> Reason | None:
    return block and block.reason


def test_nobody_called_yet_may_be_called() -> None:
    assert judge() is None


@pytest.mark.parametrize("outcome", [o for o in Outcome if o not in NUMBER])
def test_every_outcome_just_now_stops_another_call_at_once(outcome: Outcome) -> None:
    assert judge(past(outcome, NOW - MINUTE / 2)) is not None


def test_a_refusal_is_first_taken_for_the_trunks_and_the_third_for_his_own() -> None:
    refused = [past(Outcome.TRUNK_REFUSED, NOW - 20 * MINUTE * n) for n in (1, 2, 3)]
    assert judge(*refused[:2]) is None
    assert judge(*refused) == Block(Reason.REFUSED_TODAY, TOMORROW)


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_is_forgiven_the_next_day(outcome: Outcome) -> None:
    assert judge(past(outcome, NOW - timedelta(days=1))) is None


@pytest.mark.parametrize("outcome", NUMBER)
@pytest.mark.parametrize("contact", ["answered", "attempted"])
def test_a_bad_number_costs_the_person_nothing(
    outcome: Outcome, contact: Literal["answered", "attempted"]
) -> None:
    assert judge(*[past(outcome, NOW)] * 5, contact=contact) is None


@pytest.mark.parametrize(("outcome", "why"), REST_OF_DAY.items())
def test_some_outcomes_end_the_day_for_the_person(outcome: Outcome, why: Reason) -> None:
    assert judge(past(outcome, NOW - MINUTE)) == Block(why, TOMORROW)
    assert reason(judge(past(outcome, MIDNIGHT))) is why
    assert judge(past(outcome, MIDNIGHT - timedelta(microseconds=1))) is None


@pytest.mark.parametrize("outcome", [*PERSON, *REACHED])
def test_two_calls_to_a_person_are_spaced_over_midnight_too(outcome: Outcome) -> None:
    ended = MIDNIGHT - MINUTE
    block = judge(past(outcome, ended), now=MIDNIGHT + MINUTE)
    assert block == Block(Reason.SPACING, ended + 60 * MINUTE)
    assert judge(past(outcome, ended), now=ended + 60 * MINUTE) is None


@pytest.mark.parametrize("outcome", ["busy", "no_answer", "declined"])
def test_each_outcome_has_its_own_pause_but_never_less_than_the_spacing(outcome: str) -> None:
    ended = past(Outcome(outcome), NOW)
    for after, minutes in ((90, 90), (5, 60)):
        rules = Retry(spacing_minutes=60, after=After(**{outcome: after}))
        assert judge(ended, rules=rules) == Block(Reason.SPACING, NOW + minutes * MINUTE)


@pytest.mark.parametrize("outcome", ["busy", "no_answer", "declined"])
def test_each_outcome_can_end_the_day(outcome: str) -> None:
    rules = Retry(after=After(**{outcome: "next_day"}))
    why = Reason.DECLINED_TODAY if outcome == "declined" else Reason.WAITS_FOR_TOMORROW
    assert judge(past(Outcome(outcome), NOW - 120 * MINUTE), rules=rules) == Block(why, TOMORROW)


@pytest.mark.parametrize("outcome", PERSON)
def test_under_the_strict_reading_every_call_that_may_have_rung_ends_the_day(
    outcome: Outcome,
) -> None:
    called = past(outcome, NOW - 600 * MINUTE)
    why = REST_OF_DAY.get(outcome, Reason.ATTEMPTED_TODAY)
    assert judge(called, contact="attempted") == Block(why, TOMORROW)
    assert judge(called, contact="attempted", now=TOMORROW + 60 * MINUTE) is None


@pytest.mark.parametrize("outcome", BACKED_OFF)
@pytest.mark.parametrize("contact", ["answered", "attempted"])
def test_network_and_our_own_failures_back_off_and_spend_nothing(
    outcome: Outcome, contact: Literal["answered", "attempted"]
) -> None:
    ended = past(outcome, NOW)
    assert judge(ended, contact=contact) == Block(Reason.BACK_OFF, NOW + MINUTE)
    assert judge(ended, contact=contact, now=NOW + MINUTE) is None
    # Of refusals only so many are taken for the trunk's.
    many = REFUSALS_PER_DAY - 1 if outcome is Outcome.TRUNK_REFUSED else 50
    older = [past(outcome, NOW - (10 + n) * MINUTE) for n in range(many)]
    assert judge(*older, contact=contact) is None


def test_each_further_failure_is_followed_by_twice_the_pause_up_to_ten_minutes() -> None:
    failed = [past(Outcome.CONGESTION, NOW)]
    for minutes in (1, 2, 4, 8, 10, 10):
        over = failed[-1].at + minutes * MINUTE
        assert judge(*failed, now=over - MINUTE / 60) == Block(Reason.BACK_OFF, over)
        assert judge(*failed, now=over) is None
        failed.append(past(Outcome.NETWORK_FAILURE, over))
    after_a_day = past(Outcome.CONGESTION, failed[-1].at + timedelta(hours=24, seconds=1))
    assert judge(*failed, after_a_day, now=after_a_day.at) == Block(
        Reason.BACK_OFF, after_a_day.at + MINUTE
    )


def test_a_silent_trunk_keeps_a_number_free_until_its_invite_has_died() -> None:
    campaign = Campaign(name="pruebas", breaker=Breaker(pause_seconds=1))
    for outcome, seconds in ((Outcome.TRUNK_SILENT, 40), (Outcome.CONGESTION, 1)):
        history = PersonHistory([past(outcome, NOW)], 0, 0, MONTH)
        over = NOW + timedelta(seconds=seconds)
        assert verdict(history, campaign, NOW) == Block(Reason.BACK_OFF, over)
        assert verdict(history, campaign, over) is None


def test_budget_of_the_day_is_one_over_all_outcomes() -> None:
    rules = Retry(after=After(declined=60))
    first = past(Outcome.BUSY, NOW - timedelta(hours=6))
    second = past(Outcome.NO_ANSWER, NOW - timedelta(hours=4))
    third = past(Outcome.DECLINED, NOW - timedelta(hours=2))
    assert judge(first, second, rules=rules) is None
    spent = Block(Reason.ATTEMPTS_SPENT, TOMORROW)
    assert judge(first, second, third, rules=rules) == spent
    assert judge(first, rules=Retry(attempts_per_day=1)) == spent


def test_budget_of_yesterday_is_not_spent_today() -> None:
    yesterday = [past(Outcome.NO_ANSWER, MIDNIGHT - n * 60 * MINUTE) for n in (1, 2, 3)]
    assert judge(*yesterday) is None


def test_budget_of_the_cycle_waits_for_the_next_one() -> None:
    rules = Retry(attempts_per_cycle=12)
    assert judge(in_cycle=11, rules=rules) is None
    first_of_december = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
    block = judge(in_cycle=12, rules=rules)
    assert block == Block(Reason.CYCLE_SPENT, first_of_december)
    assert judge(in_cycle=12, rules=rules, now=first_of_december) is None


def test_after_a_reset_the_cycle_goes_on_to_the_next_reset() -> None:
    cycle = cycle_at(NOW, BOGOTA, NOW - timedelta(days=40))
    assert judge(in_cycle=12, cycle=cycle) == Block(Reason.CYCLE_SPENT)


def test_budget_in_all_is_never_given_back() -> None:
    assert judge(in_all=1000) is None
    assert judge(in_all=19, rules=Retry(attempts_in_all=20)) is None
    assert judge(in_all=20, rules=Retry(attempts_in_all=20)) == Block(Reason.ALL_SPENT)


def test_open_attempt_of_any_day_stops_another_call() -> None:
    assert judge(past(None, NOW - timedelta(days=3))) == Block(Reason.OPEN_ATTEMPT)


def test_attempt_ahead_of_the_clock_counts_as_of_today() -> None:
    block = judge(past(Outcome.DELIVERED, NOW + timedelta(days=1)))
    assert block == Block(Reason.ANSWERED_TODAY, TOMORROW + timedelta(days=1))


@pytest.mark.parametrize("days", [1, 2, 7, 30])
@pytest.mark.parametrize(
    ("outcome", "contact", "reason"),
    [
        (Outcome.DELIVERED, "answered", Reason.ANSWERED_TODAY),
        (Outcome.LOST, "answered", Reason.UNCERTAIN_TODAY),
        (Outcome.BUSY, "attempted", Reason.ATTEMPTED_TODAY),
    ],
)
def test_a_contact_is_the_only_one_of_as_many_days_as_the_law_says(
    days: int, outcome: Outcome, contact: Literal["answered", "attempted"], reason: Reason
) -> None:
    law = replace(LAWS["co-ley-2300"], contact_days=days)
    call, over = past(outcome, MIDNIGHT), MIDNIGHT + timedelta(days=days)
    for now in (NOW, over - timedelta(microseconds=1)):
        assert judge(call, now=now, contact=contact, law=law) == Block(reason, over)
    assert judge(call, now=over, contact=contact, law=law) is None


def test_a_law_of_a_week_does_not_make_the_days_own_limits_longer() -> None:
    weekly = replace(LAWS["co-ley-2300"], contact_days=7)
    calls = [past(Outcome.BUSY, MIDNIGHT), past(Outcome.DECLINED, MIDNIGHT + MINUTE)]
    assert judge(*calls, law=weekly) == Block(Reason.DECLINED_TODAY, TOMORROW)
    assert judge(*calls, now=TOMORROW, law=weekly, rules=Retry(attempts_per_day=2)) is None


def test_attempts_are_read_as_far_back_as_a_contact_counts() -> None:
    for days in (1, 7, 30):
        law = replace(LAWS["co-ley-2300"], contact_days=days)
        assert look_back(Campaign(name="c", law=law)) >= timedelta(days=days, hours=2)


def test_strictest_word_wins_in_any_order_of_the_history() -> None:
    running = past(None, NOW)
    answered = past(Outcome.HUNG_UP_EARLY, NOW - 90 * MINUTE)
    busy = past(Outcome.BUSY, NOW - 10 * MINUTE)
    congested = past(Outcome.CONGESTION, NOW - MINUTE / 2)
    steps: list[tuple[list[RecordedAttempt], Block]] = [
        ([congested], Block(Reason.BACK_OFF, NOW + MINUTE / 2)),
        ([congested, busy], Block(Reason.SPACING, NOW + 50 * MINUTE)),
        ([congested, busy, answered], Block(Reason.ANSWERED_TODAY, TOMORROW)),
        ([congested, busy, answered, running], Block(Reason.OPEN_ATTEMPT)),
    ]
    for history, expected in steps:
        for order in permutations(history):
            assert judge(*order) == expected


def test_the_moment_is_the_one_at_which_every_rule_allows_the_call() -> None:
    late = TOMORROW - 10 * MINUTE
    block = judge(past(Outcome.DELIVERED, late), now=late + MINUTE)
    assert block == Block(Reason.ANSWERED_TODAY, late + 60 * MINUTE)


def test_every_rule_is_named_once_each() -> None:
    recent = [past(Outcome.BUSY, NOW - n * MINUTE) for n in (1, 2, 3)]
    campaign = Campaign(name="pruebas", retry=RULES)
    against = blocks(PersonHistory(recent, 12, 12, MONTH), campaign, NOW)
    assert [block.reason for block in against] == [
        Reason.CYCLE_SPENT,
        Reason.ATTEMPTS_SPENT,
        Reason.SPACING,
    ]
