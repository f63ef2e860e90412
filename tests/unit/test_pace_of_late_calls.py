import pytest

from originator.pace import MARGIN, Pace


def test_the_slot_after_a_late_call_counts_from_when_it_left() -> None:
    """Else the late call and the next ones would share a second with one call too many."""
    pace = Pace(5)
    assert pace.slot(100.0) == 0.0
    pace.sent(100.15)
    assert pace.slot(100.16) == pytest.approx(100.15 + MARGIN / 5 - 100.16)


def test_a_call_that_left_in_time_moves_nothing() -> None:
    pace = Pace(5)
    pace.slot(100.0)
    pace.sent(100.0)
    assert pace.slot(100.0) == pytest.approx(MARGIN / 5)


def test_without_pacing_nothing_waits() -> None:
    pace = Pace(0)
    pace.sent(100.0)
    assert pace.slot(100.0) == 0.0
