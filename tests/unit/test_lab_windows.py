import pytest

from lab.windows import busiest, nearest, per_second


def test_a_window_holds_both_of_its_ends() -> None:
    assert busiest([0.0, 0.5, 1.0]) == 3
    assert busiest([0.0, 0.5, 1.0001]) == 2
    assert busiest([3.0, 0.0, 2.5, 2.2, 9.0]) == 3
    assert busiest([]) == 0


def test_how_near_the_calls_came_to_one_too_many() -> None:
    assert nearest([0.0, 0.6, 1.02, 1.7], 2) == pytest.approx(1.02)
    assert nearest([0.0, 0.6], 2) == float("inf")


def test_the_rate_is_counted_between_the_first_call_and_the_last() -> None:
    assert per_second([0.0, 0.5, 1.0]) == 2
