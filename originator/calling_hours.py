"""Whether a call of a campaign may start now."""

from datetime import datetime, timedelta

from campaign.file import Campaign
from campaign.hours import Closed, window


def longest_call(campaign: Campaign) -> timedelta:
    """Ring time and call limit."""
    return timedelta(seconds=campaign.timing.ring_seconds + campaign.timing.call_seconds)


def closed(campaign: Campaign, now: datetime) -> bool:
    """Whether the law's hours allow no call to start."""
    verdict = window(campaign.law, campaign.time_zone, now, longest_call(campaign))
    return isinstance(verdict, Closed)
