"""The flows of a campaign, as whoever answers goes through them."""

from collections.abc import Callable, Mapping

from campaign.event import EventKind
from campaign.journal import Course
from fastagi_server.conversation import Conversation
from fastagi_server.keys import do_not_call, promise, repeat, transfer, wrong_person
from fastagi_server.keys.after import After

CONFIRM_SECONDS = 5.0
"""How long the holder's key is waited for after the greeting."""

Action = Callable[[Conversation], After]

_ACTIONS: Mapping[str, Action] = {
    "repeat": repeat.act,
    "transfer": transfer.act,
    "promise": promise.act,
    "wrong_person": wrong_person.act,
    "do_not_call": do_not_call.act,
}
"""What a key does, by its name in the campaign file; a file of its own in keys/."""
_AT_THE_GREETING = ("wrong_person", "do_not_call")


def go_through(call: Conversation) -> After:
    """From the first sound to the last, and what comes after it; raises HungUp and PromptError."""
    if call.verdict:
        call.note(EventKind.MACHINE, str(call.verdict))
    if call.course is Course.MACHINE:
        _leave_with_the_machine(call)
    elif call.course is Course.PAID:
        call.note(EventKind.PATH, "paid")
        call.play_message()
    elif call.terms.flow == "announce" or _is_the_holder(call):
        return _announce(call)
    return After.GOODBYE


def _leave_with_the_machine(call: Conversation) -> None:
    """Nobody knows who will listen to it: no word of a debt."""
    neutral = call.terms.neutral_prompt
    if call.verdict and call.verdict.policy == "neutral" and neutral:
        call.note(EventKind.PATH, "neutral")
        call.play(neutral)


def _announce(call: Conversation) -> After:
    call.note(EventKind.PATH, "message")
    actions = _by_key(call, tuple(_ACTIONS))
    keys = "".join(actions)
    while pressed := call.play_message(keys) or call.listen(call.terms.answer_seconds, keys):
        if (after := actions[pressed](call)) is not After.GO_ON:
            return after
    return After.GOODBYE


def _is_the_holder(call: Conversation) -> bool:
    """Nobody hears of a debt before he says so; whoever does not hears the neutral text."""
    confirm = call.terms.keys.confirm or ""
    actions = _by_key(call, _AT_THE_GREETING)
    keys = "".join([confirm, *actions])
    call.note(EventKind.PATH, "greeting")
    while pressed := call.play(call.terms.greeting, keys) or call.listen(CONFIRM_SECONDS, keys):
        if pressed == confirm:
            call.course = Course.ANNOUNCEMENT
            return True
        if actions[pressed](call) is not After.GO_ON:
            return False
    call.note(EventKind.PATH, "neutral")
    if call.terms.neutral_prompt:
        call.play(call.terms.neutral_prompt)
    return False


def _by_key(call: Conversation, names: tuple[str, ...]) -> dict[str, Action]:
    """The actions of these names that a key does in this campaign."""
    keys = vars(call.terms.keys)
    return {keys[name]: _ACTIONS[name] for name in names if name in _ACTIONS and keys[name]}
