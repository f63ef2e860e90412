"""Why an attempt is open, in words, from its row alone."""

from datetime import datetime

from campaign.attempt import State
from campaign.store.attempts import OpenAttempt
from originator.lease import lease_left, run_over


def why_open(attempt: OpenAttempt, now: datetime) -> str:
    """What is going on with the attempt, or what has to be done about it."""
    return f"{_doing(attempt, now)}; {_whose(attempt, now)}"


def _doing(attempt: OpenAttempt, now: datetime) -> str:
    if attempt.state is State.CLAIMED:
        return f"claimed {_seconds(now, attempt.claimed_at)} ago, never sent"
    since = attempt.dialing_at or attempt.claimed_at
    text = f"{attempt.state} for {_seconds(now, since)}"
    if attempt.deadline_at is not None and now > attempt.deadline_at:
        text += f", its deadline passed {_seconds(now, attempt.deadline_at)} ago"
    return text


def _whose(attempt: OpenAttempt, now: datetime) -> str:
    if attempt.run_ended:
        return "its run is over: `settle` or the next run settles it"
    if run_over(attempt):
        return "its run died: `settle` or the next run settles it"
    return f"its run is alive, or can be settled from {now + lease_left(attempt):%H:%M:%S} UTC"


def _seconds(now: datetime, since: datetime) -> str:
    return f"{max(0.0, (now - since).total_seconds()):.0f} s"
