"""How long calls take, over nights, Sundays and the day's limit."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from campaign.file import Campaign
from campaign.forecast import forecast
from campaign.hours import Closed
from campaign.pace import spacing
from campaign.sections import Limits, Trunk

ZONE = ZoneInfo("America/Bogota")
MONDAY = datetime(2026, 11, 23, 9, tzinfo=ZONE)


def campaign(per_second: float = 1, lines: int = 100, per_day: int = 100_000) -> Campaign:
    return Campaign(
        name="cortes",
        trunks=(Trunk(calls_per_second=per_second, max_calls=lines),),
        limits=Limits(calls_per_day=per_day),
    )


def test_calls_leave_at_the_spacing_of_the_pace() -> None:
    found = forecast(1000, campaign(), MONDAY, held_seconds=34)
    assert found.calling == 1000 * spacing(1)
    assert found.starts_at == MONDAY
    assert found.ends_at == MONDAY + 1000 * spacing(1) + timedelta(seconds=34)
    assert found.days == 1


def test_too_few_lines_are_slower_than_the_pace() -> None:
    found = forecast(100, campaign(lines=10), MONDAY, held_seconds=34)
    assert found.calling == timedelta(seconds=340)
    assert found.per_second == pytest.approx(10 / 34)


def test_what_does_not_fit_goes_on_in_the_next_window() -> None:
    # From 09:00 to the last start at 18:58; the first call leaves at once.
    fits = -(-timedelta(hours=9, minutes=58) // spacing(1))
    assert forecast(fits, campaign(), MONDAY, 34).days == 1
    found = forecast(fits + 1, campaign(), MONDAY, 34)
    assert found.days == 2
    assert found.ends_at is not None
    opening = datetime(2026, 11, 24, 7, tzinfo=ZONE)
    assert found.ends_at == opening + spacing(1) + timedelta(seconds=34)


def test_the_days_limit_goes_on_the_next_day() -> None:
    found = forecast(250, campaign(per_day=100), MONDAY, 34)
    assert found.days == 3
    assert found.ends_at is not None
    assert found.ends_at.astimezone(ZONE).date() == datetime(2026, 11, 25, tzinfo=ZONE).date()


def test_on_a_sunday_it_begins_on_monday() -> None:
    found = forecast(10, campaign(), MONDAY - timedelta(days=1), 34)
    assert isinstance(found.opening, Closed)
    assert found.starts_at.astimezone(ZONE) == MONDAY.replace(hour=7)


def test_no_calls_take_no_time_and_have_no_end() -> None:
    found = forecast(0, campaign(), MONDAY, 34)
    assert (found.calling, found.ends_at, found.days) == (timedelta(0), None, 0)


def test_what_takes_years_has_no_end() -> None:
    assert forecast(1000, campaign(per_day=1), MONDAY, 34).ends_at is None
