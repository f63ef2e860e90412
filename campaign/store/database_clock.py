"""The database's clock, read as this process's monotonic one."""

from datetime import UTC, datetime


class DatabaseClock:
    """Knows the difference of the two clocks better with each answer of the database.

    Every answer bounds it from both sides: the database read its clock after it was asked and
    before its answer came. So a slow answer, of a machine or a network that was busy, tells little
    and spoils nothing.
    """

    def __init__(self) -> None:
        """Nothing is known yet."""
        self._least = float("-inf")
        self._most = float("inf")

    def learn(self, asked_at: float, now: datetime, answered_at: float) -> None:
        """The database said ``now`` (naive UTC) between two monotonic moments."""
        seconds = _seconds(now)
        least, most = asked_at - seconds, answered_at - seconds
        if least > self._most or most < self._least:
            self._least, self._most = least, most  # one of the clocks was set, or drifts
        else:
            self._least, self._most = max(self._least, least), min(self._most, most)

    def monotonic(self, at: datetime) -> float:
        """A moment of the database's clock (naive UTC) in monotonic seconds; learn first."""
        return _seconds(at) + (self._least + self._most) / 2


def _seconds(moment: datetime) -> float:
    return moment.replace(tzinfo=UTC).timestamp()
