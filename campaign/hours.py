"""When a call may be started: the law's hours, made narrower by the company's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import count
from zoneinfo import ZoneInfo

from campaign.law import Hours, Law
from campaign.reason import Reason

_LOOK_AHEAD_DAYS = 7
"""Days without a closing hour are followed so far."""


@dataclass(frozen=True)
class CallingHours:
    """What a campaign allows; never more than its law."""

    law: Law
    zone: ZoneInfo
    company_week: Sequence[Hours | None]
    """The company's hours by weekday, Monday first; None: the law's."""
    company_holidays: frozenset[date] = frozenset()

    def on(self, day: date) -> Hours | Reason:
        """The hours of a day, or why it has none."""
        hours = self.law.on(day)
        if isinstance(hours, Reason):
            return hours
        if day in self.company_holidays:
            return Reason.COMPANY_HOLIDAY
        company = self.company_week[day.weekday()]
        narrowed = hours.narrowed(company) if company else hours
        return Reason.COMPANY_CLOSED if narrowed.is_closed else narrowed


@dataclass(frozen=True)
class Open:
    """A call may start now and at any moment before ``until``.

    None: no closing within a week.
    """

    until: datetime | None


@dataclass(frozen=True)
class Closed:
    """No call may start before ``opens_at``."""

    reason: Reason
    opens_at: datetime


def window(hours: CallingHours, now: datetime, longest_call: timedelta) -> Open | Closed:
    """Whether a call may start at ``now``; some weekday must be open for longer than a call.

    ``longest_call`` is ring time plus call limit: a start ends so long before the closing hour, so
    that no leg is alive at it (30 s and 90 s on a weekday: 18:57:59 calls, 18:58:00 does not).
    """
    today = now.astimezone(hours.zone).date()
    for days in count():
        span = _span(hours, today + timedelta(days=days))
        if span is None:
            continue
        opens, closes = span
        until = closes - longest_call if closes else None
        if until is None or max(opens, now) < until:
            return Open(until) if opens <= now else Closed(_why_closed(hours, now), opens)
    raise AssertionError("unreachable: days do not end")


def _span(hours: CallingHours, day: date) -> tuple[datetime, datetime | None] | None:
    """From the opening of ``day`` to the next closing, on a later day where midnight is open."""
    today = hours.on(day)
    if isinstance(today, Reason):
        return None
    opens = _moment(day, today.opens, hours.zone)
    for _ in range(_LOOK_AHEAD_DAYS):
        tomorrow = hours.on(day + timedelta(days=1))
        closes = _moment(day, today.closes, hours.zone)
        if isinstance(tomorrow, Reason):
            return opens, closes
        day += timedelta(days=1)
        if _moment(day, tomorrow.opens, hours.zone) > closes:
            return opens, closes
        today = tomorrow
    return opens, None


def _moment(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    # Wall time first: on a day on which the clocks change 07:00 is not seven hours after midnight.
    wall = datetime.combine(day, time()) + timedelta(minutes=minutes)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def _why_closed(hours: CallingHours, now: datetime) -> Reason:
    today = now.astimezone(hours.zone).date()
    allowed = hours.on(today)
    if isinstance(allowed, Reason):
        return allowed
    before = now < _moment(today, allowed.opens, hours.zone)
    return Reason.BEFORE_OPENING if before else Reason.AFTER_CLOSING
