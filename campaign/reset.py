"""What the reset at the beginning of a cycle does to one customer."""

from dataclasses import dataclass

from campaign.eligibility import holds


@dataclass(frozen=True)
class Marks:
    """The columns that are ours to write, as read; the objects are whatever the database gave."""

    flag: object
    sent: object
    attempts: int | None
    completed_at: object
    owes: bool

    @property
    def changes(self) -> bool:
        """Whether the reset changes anything; `flag` and a `sent` that is NULL stay."""
        sent = self.sent is not None and not holds(self.sent, 0)
        return sent or bool(self.attempts) or self.completed_at is not None

    @property
    def unfinished(self) -> bool:
        """Whether the cycle that ends did not reach him: to be called, called or not, in vain."""
        waiting = holds(self.flag, 1) and holds(self.sent, 0)
        return waiting and (self.owes or bool(self.attempts))
