"""How fast: when the next call of a trunk may leave, whoever makes it."""

from datetime import datetime, timedelta

MARGIN = 1.02
"""At a spacing of exactly 1/n half of all sliding seconds hold n + 1 calls. This leaves 20 ms, at
any rate: for a late call of ours (`LATE_SECONDS`), and for what the PBX and the network add
unevenly. It reaches 98 % of the rate (docs/decisions/pacing.md)."""
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
    if last is None or last > _furthest(now, distance):
        return soonest
    return max(soonest, last + distance)


def after_late(last: datetime | None, now: datetime, distance: timedelta) -> datetime:
    """The last slot, as the next one is to count from it, when an earlier call came only now.

    It shares its second with those that have taken slots meanwhile: one slot is left out for it.
    """
    if last is None or last <= now or last > _furthest(now, distance):
        return now
    return min(last + distance, _furthest(now, distance))


def _furthest(now: datetime, distance: timedelta) -> datetime:
    """No slot lies further ahead: one that seems to tells that the clock was set back."""
    return now + AHEAD + distance


def late(seconds: float, distance: timedelta) -> bool:
    """Whether a call that leaves so long after its slot needs another one."""
    return seconds > (LATE_SECONDS if distance else UNPACED_LATE_SECONDS)
