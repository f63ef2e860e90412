"""He is not the customer: his number is no longer used for that customer."""

from campaign.event import EventKind
from campaign.journal import Course
from fastagi_server.conversation import Conversation
from fastagi_server.keys.after import After

STORE_SECONDS = 1.0
"""Without an answer the PBX's journal keeps it: the course tells it."""


def act(call: Conversation) -> After:
    """Believe him at once: nothing more is said of a debt."""
    call.course = Course.WRONG_PERSON
    at = call.service.clock.now()
    stored = call.service.recorder.wrong_number(call.attempt_id, at, STORE_SECONDS)
    call.note(EventKind.WRONG_PERSON, "stored" if stored else "in the journal")
    call.play(call.fixed("wrong_person_done"))
    return After.GOODBYE
