"""What a handler may take from the request, checked."""

from asterisk.agi import AGIException

from campaign.journal import ATTEMPT_ID
from fastagi_server.session import Session


class RefusedError(AGIException):
    """The request is not one that our dialplan makes."""


def attempt_id(session: Session) -> str:
    """The attempt, which is the channel's Uniqueid; raises RefusedError."""
    uniqueid = session.env.get("agi_uniqueid", "")
    if not ATTEMPT_ID.fullmatch(uniqueid):
        raise RefusedError(f"agi_uniqueid is not an attempt: {uniqueid[:40]!r}")
    return uniqueid


def token(session: Session, place: int) -> str:
    """The token that the dialplan hands over, the argument number ``place``; empty: none."""
    return session.args[place - 1] if len(session.args) >= place else ""


def journal_entry(session: Session) -> str:
    """The entry of the hangup handler; its tech cause may hold commas, where Asterisk cuts."""
    return ",".join(session.args)
