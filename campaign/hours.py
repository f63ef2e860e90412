"""When the law lets a call be made: hours of each weekday, Sundays and public holidays, as data."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

from campaign.reason import Reason

_SUNDAY = 6


@dataclass(frozen=True)
class Law:
    """The hours of one law; ``name`` is its word in the campaign file."""

    name: str
    time_zone: str | None
    """The zone that the hours are written in; None: no hours."""
    weekdays: Mapping[int, tuple[time, time]] = field(default_factory=dict)
    """Opening and closing by weekday, Monday is 0; one that is not named is closed."""
    holiday_country: str = ""


_WEEKDAY = (time(7), time(19))
_SATURDAY = (time(8), time(15))

LAWS = {
    law.name: law
    for law in (
        # Ley 2300 de 2023, article 3.
        Law(
            name="co-ley-2300",
            time_zone="America/Bogota",
            weekdays={**dict.fromkeys(range(5), _WEEKDAY), 5: _SATURDAY},
            holiday_country="CO",
        ),
        Law(name="none", time_zone=None),
    )
}


@dataclass(frozen=True)
class Open:
    """A call may start now and at any moment before ``until``; None: without end."""

    until: datetime | None


@dataclass(frozen=True)
class Closed:
    """No call may start before ``opens_at``."""

    reason: Reason
    opens_at: datetime


def window(law: Law, zone: ZoneInfo, now: datetime, longest_call: timedelta) -> Open | Closed:
    """Whether a call may start at ``now``.

    ``longest_call`` is ring time plus call limit: a start ends so long before the closing hour, so
    that no leg is alive at it (30 s and 90 s on a weekday: 18:57:59 calls, 18:58:00 does not).
    """
    if law.time_zone is None:
        return Open(until=None)
    local = now.astimezone(zone)
    hours = _hours(law, local.date(), zone)
    if hours is not None:
        opens, closes = hours
        until = closes - longest_call
        if opens <= local < until:
            return Open(until)
    return Closed(_why_closed(local, hours), _next_opening(law, zone, local, longest_call))


def is_holiday(country: str, day: date) -> bool:
    """Whether ``day`` is a public holiday of ``country`` (ISO 3166 code)."""
    return day in _holidays(country, day.year)


@lru_cache(maxsize=16)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))


def _hours(law: Law, day: date, zone: ZoneInfo) -> tuple[datetime, datetime] | None:
    hours = law.weekdays.get(day.weekday())
    if hours is None or is_holiday(law.holiday_country, day):
        return None
    opens, closes = hours
    return datetime.combine(day, opens, zone), datetime.combine(day, closes, zone)


def _why_closed(local: datetime, hours: tuple[datetime, datetime] | None) -> Reason:
    if hours is not None:
        return Reason.BEFORE_OPENING if local < hours[0] else Reason.AFTER_CLOSING
    return Reason.SUNDAY if local.weekday() == _SUNDAY else Reason.HOLIDAY


def _next_opening(law: Law, zone: ZoneInfo, local: datetime, longest_call: timedelta) -> datetime:
    day = local.date()
    while True:
        hours = _hours(law, day, zone)
        if hours is not None and local < hours[0] < hours[1] - longest_call:
            return hours[0]
        day += timedelta(days=1)
