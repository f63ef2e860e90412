"""Until when a promise to pay holds, and when it is kept or broken."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from campaign.promise import Promise, Resolution, calls_from, judge

BOGOTA = ZoneInfo("America/Bogota")
DAY = date(2026, 11, 27)
FREE = datetime(2026, 11, 29, 5, tzinfo=UTC)
PROMISE = Promise("0" * 26, "7", Decimal(85000), date(2026, 11, 24), DAY, FREE)


def test_the_promised_day_and_its_grace_are_whole_days_of_the_campaign() -> None:
    assert calls_from(DAY, 1, BOGOTA) == FREE
    assert calls_from(DAY, 0, BOGOTA) == FREE - timedelta(days=1)


@pytest.mark.parametrize("now", [FREE - timedelta(days=4), FREE, FREE + timedelta(days=4)])
def test_who_owes_nothing_has_kept_it_whenever_that_is_read(now: datetime) -> None:
    assert judge(PROMISE, Decimal(0), now) is Resolution.KEPT


@pytest.mark.parametrize("owed", [Decimal("0.01"), Decimal(85000), Decimal(90000)])
def test_who_owes_has_until_the_grace_is_over_and_a_part_is_not_enough(owed: Decimal) -> None:
    assert judge(PROMISE, owed, FREE - timedelta(milliseconds=1)) is None
    assert judge(PROMISE, owed, FREE) is Resolution.BROKEN
