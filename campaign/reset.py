"""What the reset at the beginning of a cycle does to one customer."""

from dataclasses import dataclass

from campaign.eligibility import holds


@dataclass(frozen=True)
class Since:
    """Calls to a customer since the cycle began, in a run that did not wait for the reset's end."""

    attempts: int
    """Spent ones."""
    delivered: bool


@dataclass(frozen=True)
class Marks:
    """The columns that are ours to write, as read; the objects are whatever the database gave."""

    flag: object
    sent: object
    attempts: int | None
    completed_at: object
    owes: bool
    since: "Since | None" = None
    """What the new cycle has written already; None: nothing."""

    @property
    def changes(self) -> bool:
        """Whether the reset changes anything; `flag` and a `sent` that is NULL stay."""
        if self._delivered:
            return self.old_attempts > 0
        sent = self.sent is not None and not holds(self.sent, 0)
        return sent or self.old_attempts > 0 or self.completed_at is not None

    @property
    def old_attempts(self) -> int:
        """Those of the cycle that ends."""
        return max((self.attempts or 0) - (self.since.attempts if self.since else 0), 0)

    @property
    def unfinished(self) -> bool:
        """Whether the cycle that ends did not reach him: to be called, called or not, in vain."""
        waiting = holds(self.flag, 1) and (holds(self.sent, 0) or self._delivered)
        return waiting and (self.owes or self._delivered or self.old_attempts > 0)

    @property
    def _delivered(self) -> bool:
        return self.since is not None and self.since.delivered
