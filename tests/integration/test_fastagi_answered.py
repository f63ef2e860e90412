"""What the server does when a customer has answered; a client plays Asterisk."""

import logging
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from campaign.journal import Course, Leg, parse_end
from fastagi_server.conversation import MAX_KEYS
from lab.waiting import wait_until
from tests.fake_asterisk import SECRET, attempt, busy
from tests.running_fastagi import PROMPT, THANKS, Running, running

JOURNAL = {("overdue", attempt(1)): "placed"}


def test_a_message_heard_to_its_end(fastagi: Running) -> None:
    call = fastagi.call("answered", prompts={PROMPT: 12.5}).run()

    assert call.variables == {"OVERDUE_LEG": "12.50;1;;agi"}
    assert fastagi.store.heard[attempt(1)].leg == Leg(12.5, True, "", "agi")
    assert wait_until(lambda: list(fastagi.store.answered) == [attempt(1)], 10)


def test_a_call_that_only_we_can_end_is_over_with_the_servers_last_word(fastagi: Running) -> None:
    call = fastagi.call("answered", prompts={PROMPT: 12.5}, astdb=dict(JOURNAL)).run()

    end = fastagi.store.ended[attempt(1)]
    assert (end.q850, end.tech, end.course) == (16, "", Course.ANNOUNCEMENT)
    assert end.leg == Leg(12.5, True, "", "agi")
    assert end.answered_at == fastagi.store.answered[attempt(1)] <= end.ended_at
    assert call.astdb == {("overdue", attempt(1)): "recorded"}
    # A server that dies in between leaves the report to the hangup handler, and no second message.
    assert [line.split('"')[0].strip() for line in call.commands[1:]] == [
        "SET VARIABLE", "DATABASE PUT",
    ]  # fmt: skip


def test_the_end_of_a_customer_who_hangs_up_is_left_to_the_hangup_handler(fastagi: Running) -> None:
    call = fastagi.call(
        "answered", prompts={PROMPT: 12}, hangs_up_at=3.0, astdb=dict(JOURNAL)
    ).run()
    assert fastagi.store.ended == {}
    assert str(fastagi.store.heard[attempt(1)].leg) == "3.00;0;;agi"
    assert call.astdb == JOURNAL


def test_what_was_heard_is_committed_although_the_pbx_is_gone(fastagi: Running) -> None:
    hold = threading.Event()
    call = fastagi.call("answered", prompts={PROMPT: 5}, hold=hold)
    with ThreadPoolExecutor(1) as threads:
        session = threads.submit(call.run)
        assert call.streaming.wait(5)
        assert call.connection
        # It answers the command and is gone, before it reads another.
        call.connection.sendall(b"200 result=0 endpos=40000\n")
        call.connection.shutdown(socket.SHUT_RDWR)
        hold.set()
        session.result()
    assert wait_until(lambda: attempt(1) in fastagi.store.heard, 10)
    assert call.variables == {}


def test_keys_are_noted_and_the_message_goes_on_where_it_was(fastagi: Running) -> None:
    call = fastagi.call("answered", prompts={PROMPT: 10}, keys=(("4", 3.02), ("#", 5.1))).run()

    assert call.variables["OVERDUE_LEG"] == "10.00;1;4@3.02 #@5.10;agi"
    assert [c.rsplit(" ", 1)[1] for c in call.commands[:3]] == ['"0"', '"24160"', '"40800"']


def test_a_key_on_the_last_sample_of_the_message(fastagi: Running) -> None:
    call = fastagi.call("answered", prompts={PROMPT: 4}, keys=(("5", 4.0),)).run()
    assert call.variables["OVERDUE_LEG"] == "4.00;1;5@4.00;agi"


def test_a_customer_who_hammers_on_the_keys_still_gets_a_leg(fastagi: Running) -> None:
    keys = tuple(("5", second / 10) for second in range(1, 200))
    call = fastagi.call("answered", prompts={PROMPT: 30}, keys=keys).run()

    leg = Leg.parse(call.variables["OVERDUE_LEG"])
    assert (leg.heard_seconds, leg.finished) == (30.0, True)
    assert len(leg.keys.split()) == 16


def test_the_longest_entry_of_the_journal_keeps_its_token_where_asterisk_cuts() -> None:
    leg = Leg(599.99, True, " ".join(["5@599.99"] * MAX_KEYS), "dialplan")
    entry = busy(1).replace("||||", f"|1772463600000|paid|{leg}|")
    assert parse_end(entry, attempt(1), SECRET).leg == leg
    assert len(entry.removesuffix("SIP 486 Busy Here")) < 255


@pytest.mark.parametrize(("second", "heard"), [(3.0, "3.00;0;;agi"), (0.0, "0.00;0;;agi")])
def test_a_customer_who_hangs_up(fastagi: Running, second: float, heard: str) -> None:
    call = fastagi.call("answered", prompts={PROMPT: 12}, hangs_up_at=second).run()
    assert call.variables == {"OVERDUE_LEG": heard}
    assert str(fastagi.store.heard[attempt(1)].leg) == heard


def test_no_more_is_heard_than_time_has_gone_by() -> None:
    """A hangup while the file was being opened: Asterisk gave the whole file's length."""
    times = iter([100.0, 100.04])
    with running(seconds=lambda: next(times)) as fastagi:
        call = fastagi.call("answered", prompts={PROMPT: 15.65}, hangs_up_at=15.65).run()
    assert call.variables == {"OVERDUE_LEG": "0.04;0;;agi"}


def test_a_customer_who_presses_and_hangs_up(fastagi: Running) -> None:
    call = fastagi.call("answered", prompts={PROMPT: 9}, keys=(("5", 1.5),), hangs_up_at=2.25).run()
    assert call.variables["OVERDUE_LEG"] == "2.25;0;5@1.50;agi"


@pytest.mark.parametrize("prompts", [{}, {PROMPT: 0.0}], ids=["missing", "empty"])
def test_a_prompt_that_cannot_be_played_leaves_the_call_to_the_dialplan(
    fastagi: Running, prompts: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    call = fastagi.call("answered", prompts=prompts).run()

    assert call.variables == {}
    assert fastagi.store.heard == {}
    [error] = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert attempt(1) in error.getMessage()


@pytest.mark.parametrize("fault", ["down", "hangs", "bug"])
def test_the_leg_is_told_to_the_dialplan_where_the_database_goes_away(
    fastagi: Running, fault: str
) -> None:
    hold = threading.Event()
    call = fastagi.call("answered", prompts={PROMPT: 5}, hold=hold, astdb=dict(JOURNAL))
    with ThreadPoolExecutor(1) as threads:
        session = threads.submit(call.run)
        assert call.streaming.wait(5)
        fastagi.store.down = fault == "down"
        fastagi.store.fault = KeyError("bug") if fault == "bug" else None
        if fault == "hangs":
            fastagi.store.free.clear()
        began = time.monotonic()
        hold.set()
        session.result()
    assert call.variables == {"OVERDUE_LEG": "5.00;1;;agi"}
    assert call.astdb == JOURNAL
    assert time.monotonic() - began < 1


def test_who_no_longer_owes_hears_the_thank_you_alone(fastagi: Running) -> None:
    fastagi.store.paid = {attempt(1)}
    call = fastagi.call("answered", prompts={PROMPT: 12, THANKS: 2.5}).run()
    assert call.variables == {"OVERDUE_COURSE": "paid", "OVERDUE_LEG": "2.50;1;;agi"}
    # Before a sound: a server that dies now must leave no debt to the dialplan.
    assert [command.split('"')[1] for command in call.commands] == [
        "OVERDUE_COURSE", THANKS, "OVERDUE_LEG", "overdue",
    ]  # fmt: skip
    assert fastagi.store.heard[attempt(1)].course is Course.PAID


def test_without_a_thank_you_nothing_is_played(fastagi: Running) -> None:
    fastagi.store.paid = {attempt(1)}
    fastagi.store.terms = replace(fastagi.store.terms, paid_prompt=None)
    call = fastagi.call("answered", prompts={PROMPT: 12}).run()
    assert call.variables == {"OVERDUE_COURSE": "paid", "OVERDUE_LEG": "0.00;1;;agi"}
    assert not [command for command in call.commands if "STREAM" in command]


def test_a_thank_you_that_cannot_be_played_is_not_replaced_by_the_announcement(
    fastagi: Running,
) -> None:
    fastagi.store.paid = {attempt(1)}
    call = fastagi.call("answered", prompts={PROMPT: 12}).run()
    assert call.variables == {"OVERDUE_COURSE": "paid"}
    assert not [command for command in call.commands if PROMPT in command]


@pytest.mark.parametrize("fault", ["down", "hangs", "bug", "unknown"])
def test_without_a_word_of_the_database_the_call_is_left_to_the_dialplan(
    fastagi: Running, fault: str, caplog: pytest.LogCaptureFixture
) -> None:
    fastagi.store.down = fault == "down"
    fastagi.store.fault = KeyError("bug") if fault == "bug" else None
    fastagi.store.unknown = {attempt(1)} if fault == "unknown" else set()
    if fault == "hangs":
        fastagi.store.free.clear()
    began = time.monotonic()
    call = fastagi.call("answered", prompts={PROMPT: 5, THANKS: 2}).run()
    assert (call.variables, call.commands) == ({}, [])
    assert time.monotonic() - began < 0.8
    assert f"attempt={attempt(1)} played=no reason=no_terms" in caplog.text
