from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.store.database_clock import DatabaseClock

START = datetime(2026, 11, 20, 15, 0)  # noqa: DTZ001 (as the database gives it: UTC)
SECOND = timedelta(seconds=1)
WAY = st.floats(0.0001, 0.5)


def learnt(clock: DatabaseClock, at: float, there: float, back: float) -> None:
    """Ask at ``at`` monotonic seconds a database whose clock stands at START when ours is at 0."""
    clock.learn(at, START + (at + there) * SECOND, at + there + back)


@given(st.lists(st.tuples(WAY, WAY), min_size=1, max_size=30))
def test_the_quickest_way_there_and_back_decides_however_slow_the_others_are(
    ways: list[tuple[float, float]],
) -> None:
    clock = DatabaseClock()
    for place, (there, back) in enumerate(ways):
        learnt(clock, float(place), there, back)
    error = clock.monotonic(START + 100 * SECOND) - 100
    assert abs(error) <= min(there + back for there, back in ways) / 2 + 1e-5


def test_a_clock_that_was_set_is_followed_at_once() -> None:
    clock = DatabaseClock()
    learnt(clock, 1, 0.001, 0.001)
    later = START + 3600 * SECOND
    clock.learn(2.0, later, 2.002)
    assert clock.monotonic(later) == pytest.approx(2.001)
