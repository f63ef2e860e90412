"""He wants no more calls: asked once more, and stored before the goodbye, for every campaign."""

from campaign.event import EventKind
from campaign.journal import Course
from fastagi_server.conversation import Conversation
from fastagi_server.keys.after import After

CONFIRM_SECONDS = 5.0
STORE_SECONDS = 1.0
"""Without an answer the PBX's journal keeps the wish: the course tells it."""


def act(call: Conversation) -> After:
    """Ask for the same key again; anything else leaves him where he was."""
    key = call.terms.keys.do_not_call or ""
    pressed = call.play(call.fixed("dnc_confirm"), key) or call.listen(CONFIRM_SECONDS, key)
    if not pressed:
        return After.GO_ON
    call.course = Course.DO_NOT_CALL
    at = call.service.clock.now()
    stored = call.service.recorder.do_not_call(call.attempt_id, at, STORE_SECONDS)
    call.note(EventKind.DO_NOT_CALL, "stored" if stored else "in the journal")
    call.play(call.fixed("dnc_done"))
    return After.GOODBYE
