"""The calls of a run that are not final yet."""

from dataclasses import dataclass, field

HEARD_OF_SECONDS = 2.0
"""From the end of a call until its outcome is missed: the hangup handler has reported by then."""


@dataclass
class Flight:
    """One call from the Originate to its outcome; times are monotonic seconds."""

    attempt_id: str
    number: str
    deadline: float
    holds_line: bool = True
    """Whether it counts against the calls at once."""
    over_at: float | None = None
    """When the PBX said that it ended, or that it failed."""
    asked_at: float = field(default=float("-inf"))
    """When the PBX was last asked for evidence."""

    def missed(self, now: float) -> bool:
        """Whether its outcome should have come by now, and the PBX was not asked just before."""
        late = now > self.deadline or (
            self.over_at is not None and now - self.over_at > HEARD_OF_SECONDS
        )
        return late and now - self.asked_at > HEARD_OF_SECONDS
