from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaign.cycle import Cycle, cycle_at

BOGOTA = ZoneInfo("America/Bogota")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[arg-type, misc]


@pytest.mark.parametrize(
    ("now", "since", "until"),
    [
        (utc(2026, 11, 22, 15), utc(2026, 11, 1, 5), utc(2026, 12, 1, 5)),
        (utc(2026, 12, 1, 4, 59), utc(2026, 11, 1, 5), utc(2026, 12, 1, 5)),
        (utc(2026, 12, 1, 5), utc(2026, 12, 1, 5), utc(2027, 1, 1, 5)),
        (utc(2027, 1, 31, 12), utc(2027, 1, 1, 5), utc(2027, 2, 1, 5)),
        (utc(2028, 2, 29, 12), utc(2028, 2, 1, 5), utc(2028, 3, 1, 5)),
    ],
)
def test_without_a_reset_it_is_the_month_of_the_campaigns_zone(
    now: datetime, since: datetime, until: datetime
) -> None:
    assert cycle_at(now, BOGOTA, None) == Cycle(since, until)


def test_a_month_begins_at_local_midnight_on_both_sides_of_a_change_of_clocks() -> None:
    madrid = ZoneInfo("Europe/Madrid")
    cycle = cycle_at(utc(2026, 3, 15), madrid, None)
    assert cycle == Cycle(utc(2026, 2, 28, 23), utc(2026, 3, 31, 22))


def test_a_reset_begins_a_cycle_that_lasts_to_the_next_one() -> None:
    now = utc(2026, 11, 22, 15)
    reset = now - timedelta(days=70)
    assert cycle_at(now, BOGOTA, reset) == Cycle(reset, None)
