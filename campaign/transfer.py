"""When a customer may be connected to a person, and for how long (docs/decisions/transfer.md)."""

from datetime import datetime, timedelta

from campaign.flow_terms import FlowTerms
from campaign.hours import CallingHours, Closed, window

LEAST_TALK = timedelta(seconds=60)
"""Nobody is connected for less."""
_LAW_ALONE = (None,) * 7


def talk_limit(terms: FlowTerms, now: datetime) -> timedelta | None:
    """The longest talk of a transfer at ``now``; None: not now.

    Only in the hours of the people who answer; and the talk is over when the law's hours are, which
    the call's own limit saw to before.
    """
    local = now.astimezone(terms.time_zone)
    theirs = terms.transfer.hours.days[local.weekday()]
    if theirs is not None and not theirs.opens <= local.hour * 60 + local.minute < theirs.closes:
        return None
    longest = timedelta(seconds=terms.transfer.talk_seconds)
    lawful = window(CallingHours(terms.law, terms.time_zone, _LAW_ALONE), now, timedelta())
    if isinstance(lawful, Closed):
        return None
    if lawful.until is None:
        return longest
    left = lawful.until - now - timedelta(seconds=terms.transfer.ring_seconds)
    return min(longest, left) if left >= LEAST_TALK else None
