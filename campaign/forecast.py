"""How long calls take at a campaign's pace, and when they end: over as many days as it needs."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from campaign.file import Campaign
from campaign.hours import Closed, Open, window
from campaign.pace import spacing

USUAL_SECONDS = 34.0
"""For how long a call holds its line, ringing and speaking, where no call tells better."""
LONGEST = timedelta(days=366)
"""What takes longer has no end that is worth a date."""


@dataclass(frozen=True)
class Forecast:
    """What so many calls take."""

    opening: Open | Closed
    """Whether calls may start at the moment that was asked for."""
    per_second: float
    """Calls that can be started, by the pace and by the lines; 0: no bound is set."""
    calling: timedelta
    """Time spent on calling, without the nights between."""
    starts_at: datetime
    ends_at: datetime | None
    """When the last call is over; None: more than a year later, or no call is made."""
    days: int
    """On so many days calls are made."""


def forecast(calls: int, campaign: Campaign, now: datetime, held_seconds: float) -> Forecast:
    """So many calls, one after the other on the first trunk, begun at ``now`` or the next opening.

    ``held_seconds``: for how long a call holds its line on average.
    """
    distance = _distance(campaign, held_seconds)
    opening = window(campaign.calling_hours, now, campaign.longest_call)
    starts_at = opening.opens_at if isinstance(opening, Closed) else now
    left, days, ends_at = calls, 0, None
    for begins, closes in _days(campaign, starts_at):
        if not left or begins - now > LONGEST:
            break
        in_time = -((begins - closes) // distance) if distance else left
        made = min(left, in_time, campaign.limits.calls_per_day)
        left -= made
        days += 1
        ends_at = begins + made * distance + timedelta(seconds=held_seconds)
    return Forecast(
        opening=opening,
        per_second=1 / distance.total_seconds() if distance else 0,
        calling=calls * distance,
        starts_at=starts_at,
        ends_at=None if left else ends_at,
        days=days,
    )


def _days(campaign: Campaign, moment: datetime) -> Iterator[tuple[datetime, datetime]]:
    """From ``moment`` on, each day with calls: the first moment of it and the last start."""
    zone = campaign.time_zone
    while True:
        verdict = window(campaign.calling_hours, moment, campaign.longest_call)
        if isinstance(verdict, Closed):
            moment = verdict.opens_at
            continue
        tomorrow = moment.astimezone(zone).date() + timedelta(days=1)
        midnight = datetime.combine(tomorrow, time(), zone)
        yield moment, min(verdict.until or midnight, midnight)
        moment = midnight


def _distance(campaign: Campaign, held_seconds: float) -> timedelta:
    """Between two calls: what the pace asks for, or the lines, whichever is longer."""
    trunk = campaign.trunks[0]
    lines = min(trunk.max_calls, campaign.limits.max_calls)
    return max(spacing(trunk.calls_per_second), timedelta(seconds=held_seconds / lines))
