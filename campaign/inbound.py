"""A customer who rings back: whom his number names, and what may be said to whoever shows it."""

from dataclasses import dataclass, replace
from datetime import timedelta

from campaign.journal import Course
from campaign.met import Met

RECOGNISED_FOR = timedelta(days=45)
"""After the last call to a number; a number changes its owner."""


@dataclass(frozen=True)
class Recognised:
    """The number is one that was called lately."""

    call_id: str
    """Of the call back."""
    attempt_id: str
    """The latest call to that number."""
    met: Met


def may_hear(met: Met) -> Met | None:
    """What whoever shows a customer's number may be told; None: nothing of him.

    Anybody can show any number. Without a confirmation he hears that there is a message about an
    account, as everybody who picks up that telephone does; how much is owed only the holder hears,
    who said that he is (docs/decisions/inbound.md).
    """
    if met.course is Course.PAID:
        return met if met.terms.paid_prompt else None
    return replace(met, values=None) if met.terms.flow == "announce" else met
