"""Whether a call of a campaign may start now."""

from datetime import datetime

from campaign.file import Campaign
from campaign.hours import Closed, window


def closed(campaign: Campaign, now: datetime) -> bool:
    """Whether the campaign's hours allow no call to start."""
    verdict = window(campaign.calling_hours, now, campaign.longest_call)
    return isinstance(verdict, Closed)
