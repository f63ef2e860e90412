"""The order of the days, and the portions in which they are asked for."""

from datetime import date, timedelta
from itertools import chain

from hypothesis import given
from hypothesis import strategies as st

from campaign.order import FIRST_PORTION, portions, urgency

TODAY = date(2026, 11, 22)


def days(*offsets: int) -> list[date]:
    return [TODAY + timedelta(days=offset) for offset in offsets]


def test_today_then_those_ahead_then_those_past_the_latest_first() -> None:
    shuffled = days(-3, 2, -1, 0, 1)
    assert sorted(shuffled, key=lambda day: urgency(day, TODAY)) == days(0, 1, 2, -1, -3)


def test_portions_grow_and_the_first_is_large_enough() -> None:
    sizes = dict.fromkeys(days(1, 0, *range(-1, -21, -1)), FIRST_PORTION // 2)
    assert [len(portion) for portion in portions(sizes, TODAY)] == [2, 8, 12]


@given(
    st.dictionaries(
        st.integers(-31, 31), st.integers(1, 10**6) | st.sampled_from((10_000, 20_000, 80_000))
    )
)
def test_every_day_comes_once_in_the_order_of_its_urgency(sizes: dict[int, int]) -> None:
    known = {TODAY + timedelta(days=offset): size for offset, size in sizes.items()}
    asked = list(portions(known, TODAY))
    ahead = sorted(offset for offset in sizes if offset >= 0)
    past = sorted((offset for offset in sizes if offset < 0), reverse=True)
    assert list(chain.from_iterable(asked)) == days(*ahead, *past)
    # Each portion but the last is large enough, and would not be without its last day.
    before = 0
    for portion in asked[:-1]:
        enough = min(max(20_000, 4 * before), 150_000)
        held = [known[day] for day in portion]
        assert sum(held) >= enough > sum(held[:-1])
        before += sum(held)
