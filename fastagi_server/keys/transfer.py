"""He wants to talk to a person: whether somebody is there; the dialplan connects the two."""

from campaign import channel_variables as names
from campaign.event import EventKind
from campaign.flow_sections import Transfer
from campaign.transfer import talk_limit
from fastagi_server.conversation import Conversation
from fastagi_server.keys.after import After
from fastagi_server.session import Session

FREE = "NOT_INUSE"
"""Of DEVICE_STATE(): registered or reachable, and not talking."""


def act(call: Conversation) -> After:
    """Leave him to [overdue-transfer], or say that nobody is there and note his wish."""
    terms = call.terms.transfer
    limit = talk_limit(call.terms, call.service.clock.now())
    if limit is None:
        return _nobody(call, "out of hours")
    telephones = _free(call.session, terms)
    if not telephones and not _somebody_in(call.session, terms):
        return _nobody(call, "nobody free")
    call.play(call.fixed("transfer_wait"))
    for name, value in (
        (names.RING_SECONDS, str(terms.ring_seconds)),
        (names.TALK_SECONDS, str(int(limit.total_seconds()))),
        (names.MUSIC, terms.music),
        (names.DIAL, "&".join(telephones)),
        (names.QUEUE, terms.queue or ""),
    ):
        call.session.set_variable(name, value)
    call.note(EventKind.TRANSFER, "&".join(telephones) or f"queue {terms.queue}")
    return After.TRANSFER


def _nobody(call: Conversation, why: str) -> After:
    call.note(EventKind.CALL_BACK, why)
    call.play(call.fixed("transfer_nobody"))
    return After.GO_ON


def _free(session: Session, terms: Transfer) -> list[str]:
    """Those of the telephones that can be rung; the campaign file allows nothing else in them."""
    telephones = terms.dial.split("&") if terms.dial else []
    return [
        each
        for each in telephones
        if session.get_full_variable(f"${{DEVICE_STATE({each})}}") == FREE
    ]


def _somebody_in(session: Session, terms: Transfer) -> bool:
    """Whether a member of the queue is ready for a call."""
    if not terms.queue:
        return False
    ready = session.get_full_variable(f"${{QUEUE_MEMBER({terms.queue},ready)}}")
    return ready.isdigit() and int(ready) > 0
