"""What a campaign has used of its day, over all originators."""

from datetime import date

from campaign.file import Campaign
from campaign.store.database import Transaction


def use_call(transaction: Transaction, campaign: Campaign, day: date) -> str | None:
    """Count one more call; the reason why the day has no more of them, or None.

    Whoever dials next waits for this commit, so that the count is exact; roll back on a reason.
    Minutes are those of calls that have ended: what is up when they are over comes on top.
    """
    this_day = {"campaign": campaign.name, "day": day}
    most = {
        "most_calls": campaign.limits.calls_per_day,
        "most_seconds": 60 * campaign.limits.minutes_per_day,
    }
    if transaction.run("count_call", **this_day, **most):
        return None
    transaction.run("begin_day", **this_day)
    if transaction.run("count_call", **this_day, **most):
        return None
    (used,) = transaction.rows("campaign_day", **this_day)
    if used["calls"] >= campaign.limits.calls_per_day:
        return "calls_per_day_reached"
    return "minutes_per_day_reached"


def use_seconds(transaction: Transaction, campaign: str, day: date, seconds: float) -> None:
    """An answered call of the day has ended after so many seconds."""
    transaction.run("count_answered", campaign=campaign, day=day, seconds=round(seconds, 2))
