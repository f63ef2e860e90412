"""How fast and how many: even spacing of new calls."""

from dataclasses import dataclass, field

MARGIN = 1.02
"""At a spacing of 1/n half of all sliding seconds hold n + 1 calls, at 1.02/n none (seen live)."""


@dataclass
class Pace:
    """A bucket of one: each call takes the next slot."""

    calls_per_second: float
    """0: no pacing, for benchmarks."""
    _next: float = field(default=0.0, init=False)

    def slot(self, now: float) -> float:
        """Take the next slot; returns the seconds to wait for it. ``now``: monotonic seconds."""
        if self.calls_per_second <= 0:
            return 0.0
        at = max(now, self._next)
        self._next = at + MARGIN / self.calls_per_second
        return at - now

    def sent(self, now: float) -> None:
        """The call that took the last slot left at ``now``: a late one moves those behind it."""
        if self.calls_per_second > 0:
            self._next = max(self._next, now + MARGIN / self.calls_per_second)
