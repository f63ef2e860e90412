from itertools import pairwise
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from originator.pace import MARGIN, Pace

RATES = st.sampled_from([0.2, 0.5, 1, 2, 2.5, 3, 7, 10, 20, 100])
LATENESS = st.lists(st.floats(0, 0.01) | st.floats(0, 3) | st.just(0.0), min_size=1, max_size=200)
"""By how much each call leaves later than its slot: a busy machine, or a stopped one."""


def sent_at(rate: float, lateness: list[float]) -> list[float]:
    """When the calls go out, one after the other, each in its slot and a little late."""
    pace = Pace(rate)
    now = 1000.0
    times = []
    for late in lateness:
        now += pace.slot(now) + late
        pace.sent(now)
        times.append(now)
    return times


@given(RATES, LATENESS)
def test_no_sliding_second_holds_more_calls_than_the_rate(
    rate: float, lateness: list[float]
) -> None:
    times = sent_at(rate, lateness)
    for first in times:
        assert sum(first <= at <= first + 1.0 for at in times) <= ceil(rate)


@given(RATES, st.integers(2, 200))
def test_without_delays_the_calls_are_even_and_near_the_rate(rate: float, calls: int) -> None:
    times = sent_at(rate, [0.0] * calls)
    gaps = [after - before for before, after in pairwise(times)]
    assert all(abs(gap - MARGIN / rate) < 1e-6 for gap in gaps)


def test_the_first_call_goes_at_once() -> None:
    assert Pace(1).slot(0.0) == 0


def test_slots_taken_ahead_of_time_lie_behind_each_other() -> None:
    pace = Pace(1)
    assert [pace.slot(0.0) for _ in range(3)] == [0.0, MARGIN, 2 * MARGIN]


def test_time_that_passed_without_calls_is_not_made_up_for() -> None:
    pace = Pace(1)
    for now in (0.0, 100.0):
        assert pace.slot(now) == 0
        pace.sent(now)
    assert pace.slot(100.5) > 0.5


def test_rate_zero_never_waits() -> None:
    pace = Pace(0)
    for _ in range(10):
        assert pace.slot(5.0) == 0
        pace.sent(5.0)
