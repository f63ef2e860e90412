"""What each key does on the answered leg, with the database and without it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from campaign.event import EventKind
from campaign.flow_sections import Transfer
from campaign.law import LAWS
from tests.fake_asterisk import Call, attempt
from tests.running_fastagi import PROMPT, Running

FIXED = (
    "dnc_confirm", "dnc_done", "wrong_person_done", "promise_ask", "promise_thanks",
    "promise_not_possible", "invalid_key", "transfer_nobody", "transfer_wait",
)  # fmt: skip


def press(fastagi: Running, key: str, *then: str) -> Call:
    """A call of one customer, who presses a key in the message and others in the silence after."""
    sounds = {PROMPT: 9.0} | {f"es_MX/{name}": 2.0 for name in FIXED}
    return fastagi.call("answered", prompts=sounds, keys=((key, 3.0),), waits=[*then]).run()


def events(fastagi: Running, kind: EventKind) -> list[str]:
    (heard,) = fastagi.store.heard.values()
    return [event.detail for event in heard.events if event.kind is kind]


def test_nine_and_nine_again_is_stored_before_the_goodbye(fastagi: Running) -> None:
    call = press(fastagi, "9", "9")
    assert list(fastagi.store.opted_out) == [attempt(1)]
    assert call.variables["OVERDUE_COURSE"] == "do_not_call"
    told = [line for line in call.commands if "do_not_call" in line or "dnc_done" in line]
    assert "SET VARIABLE" in told[0]
    assert "STREAM FILE" in told[1]


def test_nine_alone_leaves_him_in_the_message(fastagi: Running) -> None:
    call = press(fastagi, "9", "")
    assert fastagi.store.opted_out == {}
    assert "OVERDUE_COURSE" not in call.variables
    assert call.variables["OVERDUE_LEG"].startswith("9.00;1;")


@pytest.mark.parametrize(
    ("keys", "course"), [(("9", "9"), "do_not_call"), (("8",), "wrong_person")]
)
def test_without_the_database_the_channel_keeps_the_wish(
    fastagi: Running, keys: tuple[str, ...], course: str
) -> None:
    wishes = fastagi.store

    def away(*_: object) -> bool:
        raise OSError("away")

    wishes.do_not_call = wishes.wrong_number = away  # type: ignore[method-assign]
    call = press(fastagi, *keys)
    assert call.variables["OVERDUE_COURSE"] == course
    kind = EventKind.DO_NOT_CALL if course == "do_not_call" else EventKind.WRONG_PERSON
    assert events(fastagi, kind) == ["in the journal"]


@pytest.mark.parametrize("then", [("0", ""), ("9", "7"), ("",)])
def test_without_a_day_in_the_limits_there_is_no_promise(
    fastagi: Running, then: tuple[str, ...]
) -> None:
    call = press(fastagi, "3", *then)
    assert fastagi.store.promised == {}
    assert call.variables["OVERDUE_LEG"].startswith("9.00;1;")


def test_who_cannot_promise_is_told_so(fastagi: Running) -> None:
    fastagi.store.promise = lambda *_: False  # type: ignore[method-assign]
    call = press(fastagi, "3", "2")
    assert "OVERDUE_COURSE" not in call.variables
    assert any("promise_not_possible" in line for line in call.commands)
    assert events(fastagi, EventKind.PROMISE) == ["not stored"]


def test_nobody_to_talk_to_is_a_wish_to_be_called_back(fastagi: Running) -> None:
    fastagi.store.terms = replace(fastagi.store.terms, law=LAWS["none"])
    call = press(fastagi, "2")
    assert events(fastagi, EventKind.CALL_BACK) == ["nobody free"]
    assert "OVERDUE_DIAL" not in call.variables
    assert call.variables["OVERDUE_LEG"].startswith("9.00;1;")


def test_only_free_telephones_are_rung(fastagi: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    states = {"PJSIP/1": "INUSE", "PJSIP/2": "NOT_INUSE", "PJSIP/3": "UNAVAILABLE"}
    monkeypatch.setattr(
        Call, "_evaluate", lambda _, text: states[text.removeprefix("${DEVICE_STATE(")[:-2]]
    )
    transfer = Transfer(dial="&".join(states), talk_seconds=60)
    fastagi.store.terms = replace(fastagi.store.terms, transfer=transfer, law=LAWS["none"])
    call = press(fastagi, "2")
    assert call.variables["OVERDUE_DIAL"] == "PJSIP/2"
    assert call.variables["OVERDUE_QUEUE"] == ""
    talk = timedelta(seconds=int(call.variables["OVERDUE_TALK_SECONDS"]))
    assert talk == timedelta(seconds=60)
    assert call.variables["OVERDUE_LEG"].startswith("3.00;0;")
