from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.pace import AHEAD, LATE_SECONDS, LEAD, after_late, late, next_slot, spacing

RATES = st.sampled_from([0.2, 0.5, 1, 2, 2.5, 3, 7, 10, 20, 100])
START = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

PAUSES = st.lists(st.floats(0, 0.01) | st.floats(0, 3) | st.just(0.0), min_size=1, max_size=200)
"""From one question for a slot to the next: a busy database, or a stopped process."""
LATENESS = st.lists(st.floats(0, LATE_SECONDS), min_size=1, max_size=50)
"""By how much a call leaves later than its slot; a later one takes another slot."""


def slots(rate: float, pauses: list[float]) -> list[datetime]:
    """The slots of many originators that ask one after the other, none too far ahead."""
    now, last, taken = START, None, []
    for pause in pauses:
        now += timedelta(seconds=pause)
        at = next_slot(last, now, spacing(rate))
        if at - now > AHEAD:
            now = at - AHEAD
            at = next_slot(last, now, spacing(rate))
        taken.append(at)
        last = at
    return taken


@given(RATES, PAUSES, LATENESS)
def test_no_sliding_second_holds_more_calls_than_the_rate(
    rate: float, pauses: list[float], lateness: list[float]
) -> None:
    times = [
        at + timedelta(seconds=lateness[place % len(lateness)])
        for place, at in enumerate(slots(rate, pauses))
    ]
    for first in times:
        assert sum(first <= at <= first + SECOND for at in times) <= ceil(rate)


@given(RATES, st.integers(2, 200))
def test_without_pauses_the_slots_are_even_and_near_the_rate(rate: float, calls: int) -> None:
    taken = slots(rate, [0.0] * calls)
    assert all(after - before == spacing(rate) for before, after in pairwise(taken))
    assert spacing(rate) < timedelta(seconds=1 / (0.97 * rate))


def test_the_first_call_waits_for_its_commit_alone() -> None:
    assert next_slot(None, START, spacing(1)) == START + LEAD
    assert next_slot(None, START, spacing(100)) == START + spacing(100) / 2


def test_time_that_passed_without_calls_is_not_made_up_for() -> None:
    assert next_slot(START, START + 100 * SECOND, spacing(1)) == START + 100 * SECOND + LEAD


def test_each_campaign_keeps_its_own_distance_from_whoever_called_last() -> None:
    assert next_slot(START, START, spacing(1)) == START + spacing(1)
    assert next_slot(START, START, spacing(10)) == START + spacing(10)


@pytest.mark.parametrize("hours", [1, 2, 24])
@pytest.mark.parametrize("rate", [0.2, 1, 20])
def test_a_database_clock_that_was_set_back_stops_nobody(hours: int, rate: float) -> None:
    """Only a slot that is near is written: one that stays far away would be asked for ever."""
    last = START + timedelta(hours=hours)
    at = next_slot(last, START, spacing(rate))
    assert at - START <= AHEAD
    assert next_slot(at, START, spacing(rate)) == at + spacing(rate)


def test_after_a_late_call_the_next_one_counts_from_its_coming() -> None:
    assert after_late(None, START, spacing(5)) == START
    assert after_late(START - spacing(5) / 2, START, spacing(5)) == START


def test_for_a_late_call_one_of_the_slots_ahead_is_left_out() -> None:
    last = START + spacing(20)
    at = after_late(last, START, spacing(20))
    assert next_slot(at, START, spacing(20)) == last + 2 * spacing(20)


@pytest.mark.parametrize("rate", [0.2, 1, 20])
def test_many_late_calls_are_not_taken_for_a_clock_that_was_set_back(rate: float) -> None:
    last = START + AHEAD
    for _ in range(100):
        last = after_late(last, START, spacing(rate))
    assert next_slot(last, START, spacing(rate)) == START + AHEAD + 2 * spacing(rate)


@pytest.mark.parametrize("hours", [1, 24])
def test_after_the_clock_was_set_back_a_late_call_counts_from_now(hours: int) -> None:
    assert after_late(START + timedelta(hours=hours), START, spacing(5)) == START


def test_a_call_behind_its_slot_needs_another() -> None:
    assert not late(LATE_SECONDS, spacing(5))
    assert late(LATE_SECONDS + 0.001, spacing(5))


def test_without_a_pace_only_a_long_absence_counts() -> None:
    assert spacing(0) == timedelta(0)
    assert not late(1.0, spacing(0))
    assert late(6.0, spacing(0))
