"""The cycle in which a person's attempts are counted: from one reset to the next, or a month."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Cycle:
    """A stretch of time; ``since`` is in it, ``until`` is not."""

    since: datetime
    until: datetime | None
    """None: until the next reset, whenever that is."""


def cycle_at(now: datetime, zone: ZoneInfo, last_reset: datetime | None) -> Cycle:
    """The cycle of ``now``: since the last reset, where there was none since the 1st of the month.

    A reset in the future, by a clock that was ahead, begins the cycle as well.
    """
    if last_reset is not None:
        return Cycle(last_reset, None)
    first = now.astimezone(zone).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    next_first = (first + timedelta(days=32)).replace(day=1)
    return Cycle(first, next_first)
