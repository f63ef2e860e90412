"""When calls of a campaign may start: in words, and waiting for it."""

import signal
from datetime import datetime, timedelta

from campaign.clock import Clock
from campaign.explain import DAY_AND_TIME
from campaign.file import Campaign
from campaign.hours import Closed, Open, window

_LOOK_EVERY = timedelta(seconds=30)
"""So soon a clock that was set meanwhile is noticed."""
_STOP_SIGNALS = {signal.SIGTERM, signal.SIGINT}


def opening(campaign: Campaign, now: datetime) -> Open | Closed:
    """Whether a call may start at ``now``, until when, or from when on."""
    return window(campaign.calling_hours, now, campaign.longest_call)


def sentence(campaign: Campaign, verdict: Open | Closed) -> str:
    """The verdict for the operator, in the campaign's time zone."""
    if isinstance(verdict, Closed):
        return (
            f"no call may start now ({verdict.reason.english}); the next window opens"
            f" {_local(campaign, verdict.opens_at)}"
        )
    if verdict.until is None:
        return "calls may start now, and at any time of the next seven days"
    return f"calls may start now, the last one before {_local(campaign, verdict.until)}"


def wait_for_opening(campaign: Campaign, clock: Clock) -> bool:
    """Wait until a call may start; False: a signal came first. Holds nothing open meanwhile."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _STOP_SIGNALS)
    try:
        while isinstance(verdict := opening(campaign, clock.now()), Closed):
            left = min(verdict.opens_at - clock.now(), _LOOK_EVERY).total_seconds()
            if signal.sigtimedwait(_STOP_SIGNALS, max(left, 0.0)) is not None:
                return False
        return True
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _local(campaign: Campaign, moment: datetime) -> str:
    local = moment.astimezone(campaign.time_zone)
    seconds = f":{local:%S}" if local.second else ""
    return f"{local:{DAY_AND_TIME}}{seconds} ({campaign.time_zone.key})"
