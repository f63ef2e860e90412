"""What happened on an answered call, in order; rows of overdue_event."""

from dataclasses import dataclass
from enum import StrEnum


class EventKind(StrEnum):
    """What an event is about; ``detail`` says more."""

    PART = "part"
    """Something was played: ``<sound>=<seconds heard>``."""
    KEY = "key"
    """A key was pressed: the key."""
    PATH = "path"
    """Where the flow went: greeting, confirmed, unconfirmed, message, paid, hung_up, …"""
    MACHINE = "machine"
    """What AMD() made of the answer: ``<AMDSTATUS> <AMDCAUSE>``, when it knew."""
    TRANSFER = "transfer"
    PROMISE = "promise"
    DO_NOT_CALL = "dnc"
    WRONG_PERSON = "wrong_person"
    CALL_BACK = "call_back"


@dataclass(frozen=True)
class Event:
    """One of them."""

    kind: EventKind
    detail: str
    at_seconds: float
    """Since the answer, without the time in which the database was asked."""
