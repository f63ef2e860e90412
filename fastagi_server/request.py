"""What a handler may take from the request, checked."""

from asterisk.agi import AGIException

from campaign import phone
from campaign.journal import ATTEMPT_ID
from campaign.reason import Reason
from fastagi_server.machine import Verdict
from fastagi_server.session import Session

_WITHHELD = 0x60
"""AST_PRES_RESTRICTION (include/asterisk/callerid.h): restricted, or not available."""


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


def verdict(session: Session, place: int) -> Verdict | None:
    """What AMD() said, the argument number ``place``; None: nobody listened. RefusedError."""
    text = session.args[place - 1] if len(session.args) >= place else ""
    try:
        return Verdict.parse(text) if text else None
    except ValueError as error:
        raise RefusedError(str(error)) from None


def caller(session: Session) -> phone.Number | phone.BadNumber:
    """Who rings; a number that is withheld is none, though the network may have sent it along."""
    presentation = session.env.get("agi_callingpres", "")
    if not presentation.isdigit() or int(presentation) & _WITHHELD:
        return phone.BadNumber(Reason.NUMBER_EMPTY)
    return phone.parse(session.env.get("agi_callerid", ""), ("mobile", "fixed"))


def call_back(session: Session) -> str:
    """The id of a call back, the first argument; raises RefusedError."""
    call_id = session.args[0] if session.args else ""
    if not ATTEMPT_ID.fullmatch(call_id):
        raise RefusedError(f"not the id of a call back: {call_id[:40]!r}")
    return call_id


def journal_entry(session: Session, place: int = 1) -> str:
    """The entry of the hangup handler, from the argument number ``place`` on.

    Its tech cause may hold commas, where Asterisk cuts.
    """
    return ",".join(session.args[place - 1 :])
