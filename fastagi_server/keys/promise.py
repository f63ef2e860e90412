"""He promises to pay: the day by key, stored, and said back."""

from datetime import timedelta

from campaign.event import EventKind
from fastagi_server.conversation import KEYS, Conversation
from fastagi_server.keys.after import After
from fastagi_server.spoken import day as spoken_day

ANSWER_SECONDS = 6.0
STORE_SECONDS = 1.0
"""Without an answer the PBX's journal keeps the day: the course tells it."""
TIMES = 2
"""So often he is asked for a day."""


def act(call: Conversation) -> After:
    """Ask for a day within the campaign's limits; without one he is back where he was."""
    days = _days(call)
    if days is None:
        return After.GO_ON
    day, before = call.today + timedelta(days=days), call.course
    call.promised(day)
    at = call.service.clock.now()
    stored = call.service.recorder.promise(call.attempt_id, day, at, STORE_SECONDS)
    if stored is False:
        call.course = before
        call.note(EventKind.PROMISE, "not possible")
        call.play(call.fixed("promise_not_possible"))
        return After.GO_ON
    call.note(EventKind.PROMISE, f"{day}" if stored else f"{day} in the journal")
    call.play(call.fixed("promise_thanks"))
    for part in spoken_day(day, call.terms.language):
        call.play(part)
    return After.GOODBYE


def _days(call: Conversation) -> int | None:
    for _ in range(TIMES):
        pressed = call.play(call.fixed("promise_ask"), KEYS) or call.listen(ANSWER_SECONDS, KEYS)
        if not pressed:
            return None
        if pressed.isdigit() and 1 <= int(pressed) <= call.terms.promise.most_days:
            return int(pressed)
        call.play(call.fixed("invalid_key"))
    return None
