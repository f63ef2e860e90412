from datetime import UTC, datetime, timedelta
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from campaign.outcome import Outcome, OutcomeClass
from campaign.reason import Reason
from campaign.retry import (
    Allowed,
    InProgress,
    Never,
    NotBefore,
    NotToday,
    PastAttempt,
    Verdict,
    next_attempt,
)
from campaign.sections import Retry

BOGOTA = ZoneInfo("America/Bogota")
RULES = Retry(attempts_per_day=3, spacing_minutes=60)
NOW = datetime(2026, 11, 23, 20, 0, tzinfo=UTC)  # 15:00 in Bogotá
MIDNIGHT = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
NUMBER_OUTCOMES = [o for o in Outcome if o.outcome_class is OutcomeClass.NUMBER]
BACKED_OFF = [
    Outcome.CONGESTION,
    Outcome.NETWORK_FAILURE,
    Outcome.TRUNK_SILENT,
    Outcome.TRUNK_DOWN,
    Outcome.NOT_PLACED,
    Outcome.CODEC_MISMATCH,
]
REST_OF_DAY = {
    Outcome.DELIVERED: Reason.ANSWERED_TODAY,
    Outcome.HUNG_UP_EARLY: Reason.ANSWERED_TODAY,
    Outcome.DECLINED: Reason.DECLINED_TODAY,
    Outcome.LOST: Reason.UNCERTAIN_TODAY,
    Outcome.UNKNOWN: Reason.UNCERTAIN_TODAY,
    Outcome.TRUNK_REFUSED: Reason.REFUSED_TODAY,
}


def past(outcome: Outcome | None, at: datetime, same_number: bool = True) -> PastAttempt:
    return PastAttempt(outcome, at, same_number)


def judge(*history: PastAttempt, now: datetime = NOW, rules: Retry = RULES) -> Verdict:
    return next_attempt(history, rules, now, BOGOTA)


def test_nobody_called_yet_may_be_called() -> None:
    assert judge() == Allowed()


@pytest.mark.parametrize("outcome", Outcome)
def test_every_outcome_just_now_stops_another_call_at_once(outcome: Outcome) -> None:
    assert judge(past(outcome, NOW - MINUTE)) != Allowed()


@pytest.mark.parametrize("outcome", [o for o in Outcome if o not in NUMBER_OUTCOMES])
def test_every_outcome_but_a_dead_number_is_forgiven_the_next_day(outcome: Outcome) -> None:
    assert judge(past(outcome, NOW - timedelta(days=1))) == Allowed()


@pytest.mark.parametrize(("outcome", "reason"), REST_OF_DAY.items())
def test_some_outcomes_end_the_day_for_the_person(outcome: Outcome, reason: Reason) -> None:
    assert judge(past(outcome, NOW - MINUTE)) == NotToday(reason)
    assert judge(past(outcome, MIDNIGHT, same_number=False)) == NotToday(reason)
    assert judge(past(outcome, MIDNIGHT - timedelta(microseconds=1))) == Allowed()


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.NO_ANSWER])
def test_busy_and_no_answer_wait_for_the_spacing(outcome: Outcome) -> None:
    ended = NOW - 60 * MINUTE
    assert judge(past(outcome, ended + MINUTE)) == NotBefore(NOW + MINUTE, Reason.SPACING)
    assert judge(past(outcome, ended)) == Allowed()


def test_spacing_reaches_over_midnight() -> None:
    ended = MIDNIGHT - MINUTE
    verdict = judge(past(Outcome.BUSY, ended), now=MIDNIGHT + MINUTE)
    assert verdict == NotBefore(ended + 60 * MINUTE, Reason.SPACING)


def test_budget_is_one_over_busy_and_no_answer_and_over_numbers() -> None:
    first = past(Outcome.BUSY, NOW - timedelta(hours=6))
    second = past(Outcome.NO_ANSWER, NOW - timedelta(hours=4), same_number=False)
    third = past(Outcome.BUSY, NOW - timedelta(hours=2))
    assert judge(first, second) == Allowed()
    assert judge(first, second, third) == NotToday(Reason.ATTEMPTS_SPENT)
    assert judge(first, rules=Retry(attempts_per_day=1)) == NotToday(Reason.ATTEMPTS_SPENT)


def test_budget_of_yesterday_is_not_spent_today() -> None:
    yesterday = [past(Outcome.NO_ANSWER, MIDNIGHT - n * 60 * MINUTE) for n in (1, 2, 3)]
    assert judge(*yesterday) == Allowed()


@pytest.mark.parametrize("outcome", BACKED_OFF)
def test_network_and_our_own_failures_back_off_and_spend_nothing(outcome: Outcome) -> None:
    ended = NOW - 5 * MINUTE
    assert judge(past(outcome, ended + MINUTE)) == NotBefore(NOW + MINUTE, Reason.BACK_OFF)
    assert judge(*[past(outcome, ended - n * MINUTE) for n in range(50)]) == Allowed()


@pytest.mark.parametrize("outcome", NUMBER_OUTCOMES)
def test_dead_number_is_never_dialled_again_but_another_one_is(outcome: Outcome) -> None:
    year_ago = NOW - timedelta(days=365)
    assert judge(past(outcome, year_ago)) == Never(outcome)
    assert judge(past(outcome, NOW - MINUTE, same_number=False)) == Allowed()


def test_open_attempt_of_any_day_stops_another_call() -> None:
    assert judge(past(None, NOW - timedelta(days=3), same_number=False)) == InProgress()


def test_attempt_ahead_of_the_clock_counts_as_of_today() -> None:
    tomorrow = NOW + timedelta(days=1)
    assert judge(past(Outcome.DELIVERED, tomorrow)) == NotToday(Reason.ANSWERED_TODAY)


def test_strictest_word_wins_in_any_order_of_the_history() -> None:
    dead = past(Outcome.DOES_NOT_EXIST, NOW - timedelta(days=9))
    running = past(None, NOW)
    answered = past(Outcome.HUNG_UP_EARLY, NOW - 90 * MINUTE)
    busy = past(Outcome.BUSY, NOW - 10 * MINUTE)
    congested = past(Outcome.CONGESTION, NOW - MINUTE)
    steps: list[tuple[list[PastAttempt], Verdict]] = [
        ([congested], NotBefore(NOW + 4 * MINUTE, Reason.BACK_OFF)),
        ([congested, busy], NotBefore(NOW + 50 * MINUTE, Reason.SPACING)),
        ([congested, busy, answered], NotToday(Reason.ANSWERED_TODAY)),
        ([congested, busy, answered, running], InProgress()),
        ([congested, busy, answered, running, dead], Never(Outcome.DOES_NOT_EXIST)),
    ]
    for history, expected in steps:
        for order in permutations(history):
            assert judge(*order) == expected
