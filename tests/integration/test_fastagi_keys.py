"""What each key does on the answered leg, with the database and without it."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from campaign.clock import SystemClock
from campaign.event import EventKind
from campaign.flow_sections import Transfer
from campaign.journal import Course
from campaign.law import LAWS
from campaign.token import token
from fastagi_server import spoken
from tests.fake_asterisk import SECRET, Call, attempt
from tests.recording_store import BOGOTA
from tests.running_fastagi import PROMPT, Running

FIXED = (
    "dnc_confirm", "dnc_done", "wrong_person_done", "promise_ask", "promise_thanks",
    "promise_not_possible", "invalid_key", "transfer_nobody", "transfer_wait",
)  # fmt: skip


def in_days(days: int) -> date:
    """The campaign's day, so many from now."""
    return SystemClock().now().astimezone(BOGOTA).date() + timedelta(days=days)


def press(fastagi: Running, key: str, *then: str) -> Call:
    """A call of one customer, who presses a key in the message and others in the silence after."""
    sounds = {PROMPT: 9.0} | {f"es_MX/{name}": 2.0 for name in FIXED}
    sounds |= dict.fromkeys(spoken.day(in_days(2), "es_MX"), 1.0)
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


def test_without_the_database_the_channel_keeps_the_promise_with_its_day(
    fastagi: Running,
) -> None:
    def away(*_: object) -> bool:
        raise OSError("away")

    fastagi.store.promise = away  # type: ignore[method-assign]
    call = press(fastagi, "3", "2")
    day = in_days(2)
    assert call.variables["OVERDUE_COURSE"] == f"promised;{day}"
    assert any("promise_thanks" in line for line in call.commands)
    assert events(fastagi, EventKind.PROMISE) == [f"{day} in the journal"]
    assert fastagi.store.ended == {}, "the hangup handler tells the day"


def test_a_promise_is_said_to_the_channel_before_it_is_stored(fastagi: Running) -> None:
    call = press(fastagi, "3", "2")
    day = fastagi.store.promised[attempt(1)]
    assert call.variables["OVERDUE_COURSE"] == f"promised;{day}"
    assert events(fastagi, EventKind.PROMISE) == [str(day)]


@pytest.mark.parametrize("times", [1, 2])
def test_the_end_of_the_call_stores_the_promise_once_more(fastagi: Running, times: int) -> None:
    made = token(SECRET, attempt(1))
    entry = f"ended|16|1772463700000|1772463690000|promised;2026-12-15|||{made}|SIP 200 OK"
    for _ in range(times):
        fastagi.call("ended", args=(entry,)).run()
    assert fastagi.store.promised == {attempt(1): date(2026, 12, 15)}
    assert fastagi.store.ended[attempt(1)].course is Course.PROMISED


def test_an_end_whose_promise_cannot_be_stored_stays_in_the_journal(fastagi: Running) -> None:
    def away(*_: object) -> bool:
        raise OSError("away")

    fastagi.store.promise = away  # type: ignore[method-assign]
    made = token(SECRET, attempt(1))
    entry = f"ended|16|1772463700000|1772463690000|promised;2026-12-15|||{made}|SIP 200 OK"
    astdb = {("overdue", attempt(1)): entry}
    assert fastagi.call("ended", args=(entry,), astdb=dict(astdb)).run().astdb == astdb
    assert fastagi.store.ended == {}


def test_who_cannot_promise_is_told_so(fastagi: Running) -> None:
    fastagi.store.promise = lambda *_: False  # type: ignore[method-assign]
    call = press(fastagi, "3", "2")
    assert call.variables["OVERDUE_COURSE"] == ""
    assert any("promise_not_possible" in line for line in call.commands)
    assert events(fastagi, EventKind.PROMISE) == ["not possible"]


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
    assert fastagi.store.ended == {}, "the call goes on"
