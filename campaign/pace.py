"""How fast: when the next call of a trunk may leave, whoever makes it."""

from datetime import datetime, timedelta

MARGIN = 1.025
"""At a spacing of exactly 1/n half of all sliding seconds hold n + 1 calls. This leaves 25 ms, at
any rate: for a late call of ours (`LATE_SECONDS`), and for what the PBX and the network add
unevenly. It reaches 97.5 % of the rate (docs/decisions/pacing.md)."""
AHEAD = timedelta(seconds=0.25)
"""Slots are taken no earlier: what is taken and not used, because a run was killed, is little."""
LEAD = timedelta(seconds=0.03)
"""What the commit of a slot may take, so that the call is not late for it."""
LATE_SECONDS = 0.01
"""A call that is later gives its slot up: it would share its second with those behind it."""
UNPACED_LATE_SECONDS = 5.0
"""Without a pace: whose process was suspended so long asks whether the call is still his."""


def spacing(calls_per_second: float) -> timedelta:
    """The distance between two calls of a trunk; zero: no pacing."""
    return timedelta(seconds=MARGIN / calls_per_second if calls_per_second else 0)


def next_slot(last: datetime | None, now: datetime, distance: timedelta) -> datetime:
    """The next free slot, counted from the last one that anybody took; one and the same clock."""
    soonest = now + min(LEAD, distance / 2)
    # No slot is taken further ahead: one that seems to be tells that the clock was set back.
    if last is None or last > now + AHEAD:
        return soonest
    return max(soonest, last + distance)


def late(seconds: float, distance: timedelta) -> bool:
    """Whether a call that leaves so long after its slot needs another one."""
    return seconds > (LATE_SECONDS if distance else UNPACED_LATE_SECONDS)
