"""How fast: even spacing of new calls."""

from dataclasses import dataclass, field

MARGIN = 1.02
"""At a spacing of 1/n half of all sliding seconds hold n + 1 calls, at 1.02/n none (seen live)."""


@dataclass
class Pace:
    """A bucket of one, counted from the last call that was really sent.

    Times are monotonic seconds. Slots given out ahead of time would all fall due together when the
    process, or its machine, stood still for a while.
    """

    calls_per_second: float
    """0: no pacing, for benchmarks."""
    _next: float = field(default=float("-inf"), init=False)

    def wait(self, now: float) -> float:
        """Seconds until the next call may be sent; 0: now."""
        return max(0.0, self._next - now)

    def sent(self, now: float) -> None:
        """A call is sent now."""
        if self.calls_per_second > 0:
            self._next = now + MARGIN / self.calls_per_second
