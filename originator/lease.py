"""Until when the open attempts of a run are its own."""

from datetime import datetime, timedelta

from campaign.store.attempts import OpenAttempt

LEASE = timedelta(seconds=60)
"""A run whose heartbeat is older is over; the heart beats every 10 s."""


def lease_ends(attempt: OpenAttempt) -> datetime:
    """When the attempt's run counts as dead, if its heart does not beat again."""
    return attempt.run_heartbeat_at + LEASE


def run_over(attempt: OpenAttempt, now: datetime) -> bool:
    """Whether others may settle the attempt: its run is closed, or its lease has expired."""
    return attempt.run_ended or now > lease_ends(attempt)
