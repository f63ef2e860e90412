"""The window for any company hours, holidays and moment, against the law as the tests read it."""

import csv
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.file import Campaign
from campaign.hours import CallingHours, Closed, Open, window
from campaign.law import ALL_DAY, CLOSED, LAWS, Hours, Law
from campaign.permission import Permission, permission
from campaign.sections import Timing

BOGOTA = ZoneInfo("America/Bogota")
LAW = LAWS["co-ley-2300"]
with Path(__file__).with_name("data").joinpath("holidays_co.csv").open() as table:
    HOLIDAYS = {date.fromisoformat(row["date"]) for row in csv.DictReader(table)}

_EDGES = (0, 7 * 60, 8 * 60, 15 * 60, 19 * 60, 1440)
_minutes = st.sampled_from(_EDGES) | st.integers(0, 1440)
_hours = st.sampled_from((None, CLOSED, ALL_DAY)) | st.tuples(_minutes, _minutes).map(
    lambda both: Hours(min(both), max(both))
)
# One weekday has the law's hours: a campaign file guarantees that some day is open for a call.
_weeks = st.builds(
    lambda week, lawful_day: [*week[:lawful_day], None, *week[lawful_day + 1 :]],
    st.lists(_hours, min_size=7, max_size=7),
    st.integers(0, 5),
)
_FIRST, _LAST = date(2024, 1, 2), date(2030, 11, 30)
# Many on holidays, also on those that are Sundays; half within six minutes of an edge of the hours.
_moments = st.builds(
    lambda day, seconds: datetime.combine(day, time(), BOGOTA) + timedelta(seconds=seconds),
    st.dates(_FIRST, _LAST)
    | st.sampled_from(sorted(day for day in HOLIDAYS if _FIRST <= day <= _LAST))
    | st.sampled_from([date(2024, 12, 8), date(2025, 7, 20)]),  # Sundays
    st.integers(0, 86_400).map(float)
    | st.builds(
        lambda edge, beside: edge * 60 + beside, st.sampled_from(_EDGES), st.floats(-360, 360)
    ),
)
_days = st.frozensets(st.dates(date(2024, 1, 1), date(2030, 12, 31)), max_size=5)
_calls = st.integers(0, 300).map(lambda seconds: timedelta(seconds=seconds))


def lawful(moment: datetime) -> bool:
    """Ley 2300: whether a leg may be alive, from the text of the law and the table of dates."""
    local = moment.astimezone(BOGOTA)
    if local.weekday() == 6 or local.date() in HOLIDAYS:
        return False
    opens, closes = (time(8), time(15)) if local.weekday() == 5 else (time(7), time(19))
    return opens <= local.time() < closes


def company(week: list[Hours | None], holidays: frozenset[date], law: Law = LAW) -> CallingHours:
    return CallingHours(law, BOGOTA, week, holidays)


def why_closed(
    week: list[Hours | None], holidays: frozenset[date], now: datetime, longest: timedelta
) -> str | None:
    """The rules of a day, from the law's text and the company's own; None: a call may start."""
    local = now.astimezone(BOGOTA)
    day = local.date()
    if local.weekday() == 6:
        return "sunday"
    if day in HOLIDAYS:
        return "holiday"
    if day in holidays:
        return "company_holiday"
    opens, closes = (8 * 60, 15 * 60) if local.weekday() == 5 else (7 * 60, 19 * 60)
    if own := week[local.weekday()]:
        opens, closes = max(opens, own.opens), min(closes, own.closes)
    if opens >= closes:
        return "company_closed"
    since_midnight = local - datetime.combine(day, time(), BOGOTA)
    if since_midnight < timedelta(minutes=opens):
        return "before_opening"
    return None if since_midnight + longest < timedelta(minutes=closes) else "after_closing"


def open_moment(hours: CallingHours, now: datetime, longest: timedelta) -> datetime:
    """``now``, or the next moment at which a call may start."""
    answer = window(hours, now, longest)
    return now if isinstance(answer, Open) else answer.opens_at.astimezone(BOGOTA)


@settings(max_examples=300)
@given(week=_weeks, holidays=_days, now=_moments, longest=_calls)
def test_a_call_that_may_start_lies_within_law_and_company_to_its_end(
    week: list[Hours | None], holidays: frozenset[date], now: datetime, longest: timedelta
) -> None:
    now = open_moment(company(week, holidays), now, longest)
    assert lawful(now)
    assert lawful(now + longest)
    assert now.date() not in holidays
    own = week[now.weekday()] or ALL_DAY
    midnight = datetime.combine(now.date(), time(), BOGOTA)
    assert midnight + timedelta(minutes=own.opens) <= now
    assert now + longest < midnight + timedelta(minutes=own.closes)


# Where the day is open, half of the moments lie within six minutes of its own last start.
@settings(max_examples=300)
@given(
    week=_weeks,
    holidays=_days,
    now=_moments,
    longest=_calls,
    beside=st.none() | st.sampled_from((-1, 0, 1)) | st.integers(-360_000_000, 360_000_000),
    is_holiday=st.sampled_from((False, False, True)),
)
def test_a_call_may_start_exactly_where_the_rules_of_the_day_allow_it(
    week: list[Hours | None],
    holidays: frozenset[date],
    now: datetime,
    longest: timedelta,
    beside: int | None,
    is_holiday: bool,
) -> None:
    if is_holiday:
        holidays |= {now.date()}
    if beside is not None:
        own = week[now.weekday()] or ALL_DAY
        closes = min(own.closes, 15 * 60 if now.weekday() == 5 else 19 * 60)
        midnight = datetime.combine(now.date(), time(), BOGOTA)
        now = midnight + timedelta(minutes=closes, microseconds=beside) - longest
    answer = window(company(week, holidays), now, longest)
    told = None if isinstance(answer, Open) else str(answer.reason)
    assert told == why_closed(week, holidays, now, longest)


@given(now=_moments, ring=st.integers(1, 120), call=st.integers(1, 600))
def test_a_permission_names_the_law_its_version_and_the_last_start(
    now: datetime, ring: int, call: int
) -> None:
    campaign = Campaign(name="c", timing=Timing(ring_seconds=ring, call_seconds=call))
    longest = timedelta(seconds=ring + call)
    answer = permission(campaign, now)
    if (reason := why_closed([None] * 7, frozenset(), now, longest)) is not None:
        assert isinstance(answer, Closed)
        assert answer.reason == reason
        return
    closes = datetime.combine(now.date(), time(15 if now.weekday() == 5 else 19))
    last = closes - longest
    words = f"open until {last:%H:%M:%S}".removesuffix(":00")
    assert answer == Permission("co-ley-2300", "2023-10-10", words)


@given(week=_weeks, holidays=_days, now=_moments, longest=_calls, part=st.floats(0, 1))
def test_the_next_opening_is_the_first_moment_at_which_a_call_may_start(
    week: list[Hours | None],
    holidays: frozenset[date],
    now: datetime,
    longest: timedelta,
    part: float,
) -> None:
    hours = company(week, holidays)
    answer = window(hours, now, longest)
    if isinstance(answer, Open):
        assert answer.until is not None
        now = answer.until
        answer = window(hours, now, longest)
    assert isinstance(answer, Closed)
    assert answer.opens_at > now
    assert isinstance(window(hours, answer.opens_at, longest), Open)
    for between in (
        now + (answer.opens_at - now) * part,
        answer.opens_at - timedelta(microseconds=1),
    ):
        if now <= between < answer.opens_at:
            again = window(hours, between, longest)
            assert isinstance(again, Closed)
            assert again.opens_at == answer.opens_at


@given(week=_weeks, holidays=_days, now=_moments, longest=_calls)
def test_the_last_start_is_the_last_moment_of_the_window(
    week: list[Hours | None], holidays: frozenset[date], now: datetime, longest: timedelta
) -> None:
    hours = company(week, holidays)
    answer = window(hours, open_moment(hours, now, longest), longest)
    assert isinstance(answer, Open)
    assert answer.until is not None
    assert window(hours, answer.until - timedelta(microseconds=1), longest) == answer
    assert isinstance(window(hours, answer.until, longest), Closed)


@pytest.mark.parametrize("law", LAWS.values(), ids=lambda law: law.name)
@given(week=_weeks, holidays=_days, now=_moments, longest=_calls)
def test_the_companys_own_hours_and_holidays_never_open_what_the_law_closes(
    law: Law,
    week: list[Hours | None],
    holidays: frozenset[date],
    now: datetime,
    longest: timedelta,
) -> None:
    own = window(company(week, holidays, law), now, longest)
    alone = window(company([None] * 7, frozenset(), law), now, longest)
    if isinstance(own, Open):
        assert isinstance(alone, Open)
        assert alone.until is None or (own.until is not None and own.until <= alone.until)
    elif isinstance(alone, Closed):
        assert own.opens_at >= alone.opens_at


@given(
    week=_weeks,
    holidays=_days,
    now=_moments,
    longest=_calls,
    cut=st.integers(0, 720),
    extra=_days,
)
def test_hours_that_are_cut_and_holidays_that_are_added_never_open_more(
    week: list[Hours | None],
    holidays: frozenset[date],
    now: datetime,
    longest: timedelta,
    cut: int,
    extra: frozenset[date],
) -> None:
    narrower = [
        Hours(each.opens + cut // 2, each.closes - cut // 3) if each else None for each in week
    ]
    own = window(company([*narrower], holidays | extra), now, longest)
    wide = window(company(week, holidays), now, longest)
    if isinstance(own, Open):
        assert isinstance(wide, Open)
    elif isinstance(wide, Closed):
        assert own.opens_at >= wide.opens_at


def without_law(week: dict[int, Hours], zone: str = "America/Bogota") -> CallingHours:
    return CallingHours(LAWS["none"], ZoneInfo(zone), [week.get(n) for n in range(7)])


MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("week", "now", "until"),
    [
        # 2026-11-23 is a Monday.
        ({0: Hours(1200, 1440), 1: Hours(0, 480)}, "2026-11-23T21:00", "2026-11-24T07:59"),
        ({0: Hours(1200, 1440), 1: Hours(0, 480)}, "2026-11-24T07:00", "2026-11-24T07:59"),
        ({0: Hours(1200, 1439), 1: Hours(0, 480)}, "2026-11-23T21:00", "2026-11-23T23:58"),
        ({6: CLOSED}, "2026-11-23T21:00", "2026-11-28T23:59"),
        ({}, "2026-11-23T21:00", None),
    ],
)
def test_without_a_law_a_window_goes_over_midnight(
    week: dict[int, Hours], now: str, until: str | None
) -> None:
    moment = datetime.fromisoformat(now).replace(tzinfo=BOGOTA)
    last = datetime.fromisoformat(until).replace(tzinfo=BOGOTA) if until else None
    assert window(without_law(week), moment, MINUTE) == Open(last)


def test_hours_are_those_of_the_wall_clock_on_the_day_on_which_it_is_changed() -> None:
    hours = without_law({6: Hours(7 * 60, 19 * 60)}, "America/New_York")
    before = datetime(2026, 3, 8, 10, 59, tzinfo=UTC)  # 06:59, an hour after the change
    assert isinstance(window(hours, before, MINUTE), Closed)
    assert window(hours, before + MINUTE, MINUTE) == Open(datetime(2026, 3, 8, 22, 59, tzinfo=UTC))
