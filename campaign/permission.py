"""What allows a call at a moment: rule set, version and verdict, which each attempt keeps."""

from dataclasses import dataclass
from datetime import datetime

from campaign.file import Campaign
from campaign.hours import Closed, window


@dataclass(frozen=True)
class Permission:
    """The answer of a rule set that let a call start."""

    law: str
    law_version: str
    verdict: str
    """In words, as ``open until 18:58``."""


def permission(campaign: Campaign, now: datetime) -> Permission | Closed:
    """Ask the campaign's hours for a call that starts at ``now``."""
    answer = window(campaign.calling_hours, now, campaign.longest_call)
    if isinstance(answer, Closed):
        return answer
    return Permission(
        law=campaign.law.name,
        law_version=campaign.law.version,
        verdict=_words(answer.until, now, campaign),
    )


def _words(until: datetime | None, now: datetime, campaign: Campaign) -> str:
    if until is None:
        return "open without end"
    last, today = (moment.astimezone(campaign.time_zone) for moment in (until, now))
    day = "" if last.date() == today.date() else f"{last:%Y-%m-%d} "
    seconds = f":{last:%S}" if last.second else ""
    return f"open until {day}{last:%H:%M}{seconds}"
