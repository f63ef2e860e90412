"""What a plan says of its duration."""

from collections.abc import Iterator
from datetime import datetime

from campaign.file import Campaign
from campaign.forecast import USUAL_SECONDS, Forecast
from campaign.hours import Closed


def sentences(expected: Forecast, campaign: Campaign, held: float | None) -> Iterator[str]:
    """Whether calls may start, how long they take, when they end.

    ``held``: for how long the latest calls held a line, in seconds; None: there were none.
    """
    opening = expected.opening
    if isinstance(opening, Closed):
        yield (
            f"no call may start then ({opening.reason.english}); the next window opens"
            f" {_moment(opening.opens_at, campaign)} ({campaign.time_zone.key})"
        )
    if not expected.days:
        return
    minutes = expected.calling.total_seconds() / 60
    source = "as the latest calls" if held else "no call tells yet"
    pace = f"{expected.per_second:.2f} calls a second, " if expected.per_second else ""
    yield (
        f"{minutes:.1f} minutes of calling on {campaign.trunks[0].label} ({pace}"
        f"{held or USUAL_SECONDS:.0f} s a call: {source})"
    )
    yield _end(expected, campaign)


def _end(expected: Forecast, campaign: Campaign) -> str:
    if expected.ends_at is None:
        return "that takes more than a year of days like this one"
    end = f"the last call ends {_moment(expected.ends_at, campaign)}"
    if expected.days > 1:
        return f"{end}: not in one window, it takes {expected.days} days"
    if isinstance(expected.opening, Closed):
        return f"{end}, inside that window"
    if expected.opening.until is None:
        return end
    return f"{end}, inside the window (last start {_moment(expected.opening.until, campaign)})"


def _moment(moment: datetime, campaign: Campaign) -> str:
    return f"{moment.astimezone(campaign.time_zone):%A %Y-%m-%d %H:%M}"
