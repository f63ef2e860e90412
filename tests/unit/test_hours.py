import csv
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from campaign.hours import CallingHours, Closed, Open, window
from campaign.law import LAWS, is_holiday
from campaign.reason import Reason

BOGOTA = ZoneInfo("America/Bogota")
LAW = CallingHours(LAWS["co-ley-2300"], BOGOTA, [None] * 7)
NO_LAW = CallingHours(LAWS["none"], BOGOTA, [None] * 7)
LONGEST_CALL = timedelta(seconds=120)
DAYS = [date(2024, 1, 1) + timedelta(n) for n in range((date(2031, 1, 1) - date(2024, 1, 1)).days)]

with Path(__file__).with_name("data").joinpath("holidays_co.csv").open() as table:
    HOLIDAYS = {date.fromisoformat(row["date"]) for row in csv.DictReader(table)}


def local(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=BOGOTA)


def at(text: str, longest_call: timedelta = LONGEST_CALL) -> Open | Closed:
    return window(LAW, local(text).astimezone(UTC), longest_call)


def test_table_names_every_year_of_the_test() -> None:
    counts = [sum(day.year == year for day in HOLIDAYS) for year in range(2024, 2031)]
    assert counts == [18, 17, 19, 19, 19, 19, 18]


@pytest.mark.parametrize("year", range(2024, 2031))
def test_public_holidays_are_those_of_the_table(year: int) -> None:
    days = {day for day in DAYS if day.year == year}
    assert {day for day in days if is_holiday("CO", day)} == HOLIDAYS & days


@pytest.mark.parametrize("year", range(2024, 2031))
def test_every_quarter_of_an_hour_of_a_year_is_open_as_the_law_says(year: int) -> None:
    for day in (day for day in DAYS if day.year == year):
        if day in HOLIDAYS or day.weekday() == 6:
            lawful = range(0)
        elif day.weekday() == 5:
            lawful = range(8 * 60, 15 * 60)
        else:
            lawful = range(7 * 60, 19 * 60)
        midnight = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
        for minute in range(0, 24 * 60, 15):
            now = midnight + timedelta(minutes=minute)
            is_open = isinstance(window(LAW, now, timedelta(0)), Open)
            assert is_open == (minute in lawful), now


def test_next_opening_of_every_closed_hour_is_the_first_open_moment() -> None:
    for day in DAYS:
        for hour in (0, 6, 15, 19, 23):
            verdict = at(f"{day} {hour:02d}:00:00")
            if isinstance(verdict, Closed):
                before = verdict.opens_at - timedelta(seconds=1)
                assert isinstance(window(LAW, verdict.opens_at, LONGEST_CALL), Open)
                again = window(LAW, before, LONGEST_CALL)
                assert isinstance(again, Closed)
                assert again.opens_at == verdict.opens_at


@pytest.mark.parametrize(
    ("now", "until"),
    [
        ("2026-11-23 07:00:00", "2026-11-23 18:58:00"),
        ("2026-11-23 18:57:59", "2026-11-23 18:58:00"),
        ("2026-11-23 18:57:59.999999", "2026-11-23 18:58:00"),
        ("2026-11-21 08:00:00", "2026-11-21 14:58:00"),
        ("2026-11-21 14:57:59", "2026-11-21 14:58:00"),
    ],
)
def test_open_until_the_last_start(now: str, until: str) -> None:
    assert at(now) == Open(local(until))


@pytest.mark.parametrize(
    ("now", "reason", "opens"),
    [
        ("2026-11-23 00:00:00", Reason.BEFORE_OPENING, "2026-11-23 07:00:00"),
        ("2026-11-23 06:59:59.999999", Reason.BEFORE_OPENING, "2026-11-23 07:00:00"),
        ("2026-11-23 18:58:00", Reason.AFTER_CLOSING, "2026-11-24 07:00:00"),
        ("2026-11-23 23:59:59", Reason.AFTER_CLOSING, "2026-11-24 07:00:00"),
        ("2026-11-20 19:00:00", Reason.AFTER_CLOSING, "2026-11-21 08:00:00"),
        ("2026-11-21 14:58:00", Reason.AFTER_CLOSING, "2026-11-23 07:00:00"),
        ("2026-11-22 12:00:00", Reason.SUNDAY, "2026-11-23 07:00:00"),
        ("2026-12-08 09:00:00", Reason.HOLIDAY, "2026-12-09 07:00:00"),
        ("2026-07-13 09:00:00", Reason.HOLIDAY, "2026-07-14 07:00:00"),
        ("2024-12-08 09:00:00", Reason.SUNDAY, "2024-12-09 07:00:00"),
        # Maundy Thursday and Good Friday, then a Saturday.
        ("2026-04-01 19:30:00", Reason.AFTER_CLOSING, "2026-04-04 08:00:00"),
        # A Saturday's evening before a holiday Monday.
        ("2026-11-14 15:30:00", Reason.AFTER_CLOSING, "2026-11-17 07:00:00"),
        ("2026-12-31 18:59:00", Reason.AFTER_CLOSING, "2027-01-02 08:00:00"),
    ],
)
def test_closed_says_why_and_until_when(now: str, reason: Reason, opens: str) -> None:
    assert at(now) == Closed(reason, local(opens))


def test_no_leg_is_alive_at_closing() -> None:
    for longest in (timedelta(seconds=6), LONGEST_CALL, timedelta(hours=1)):
        verdict = at("2026-11-23 12:00:00", longest)
        assert isinstance(verdict, Open)
        assert verdict.until is not None
        assert verdict.until + longest == local("2026-11-23 19:00:00")


def test_law_none_is_open_on_any_holiday_at_any_hour() -> None:
    for now in ("2026-12-25 03:00:00", "2026-11-22 23:59:59"):
        assert window(NO_LAW, local(now), LONGEST_CALL) == Open(until=None)
