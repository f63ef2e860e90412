"""For how long the open attempts of a run are its own, by the database's clock."""

from datetime import timedelta

from campaign.store.attempts import OpenAttempt

LEASE = timedelta(seconds=60)
"""A run that is silent for longer is over; the heart beats every 10 s."""


def lease_left(attempt: OpenAttempt) -> timedelta:
    """Until the attempt's run counts as dead, if its heart does not beat again."""
    return LEASE - attempt.run_silent


def run_over(attempt: OpenAttempt) -> bool:
    """Whether others may settle the attempt: its run is closed, or its lease has expired."""
    return attempt.run_ended or attempt.run_silent > LEASE
