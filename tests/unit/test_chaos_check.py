"""The judge of the chaos: planted faults are found, and what a killed PBX excuses is excused."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lab.calls import CarrierCall
from lab.chaos.check import Breach, Terms, Troubles, find_breaches
from lab.chaos.load import find_overload
from lab.chaos.rows import Attempt, Customer

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
QUIET = Troubles((), (), ())
TERMS = Terms(ring_seconds=5, delivered_after_seconds=2, prompt_seconds=3.7)
NUMBER, BUSY = "3000100000", "3000100160"


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def call(number: str = NUMBER, **changes: Any) -> CarrierCall:
    """Answered after a second, ended by the dialer when the message was over."""
    whole = CarrierCall(number, "", at(0.1), at(1.1), at(4.8), "caller", 200, "x.wav")
    refused = CarrierCall(number, "", at(0.1), None, at(0.2), "carrier", 486, "")
    return replace(refused if number == BUSY else whole, **changes)


def attempt(number: str = NUMBER, **changes: Any) -> Attempt:
    whole = Attempt(
        "A1",
        number,
        "ended",
        "delivered",
        at(-0.1),
        at(0),
        at(1.1),
        at(4.9),
        heard_seconds=3.7,
        closed_at=at(4.95),
    )
    refused = replace(whole, outcome="busy", answered_at=None, ended_at=at(0.3), heard_seconds=None)
    return replace(refused if number == BUSY else whole, **changes)


def customer(number: str = NUMBER, **changes: Any) -> Customer:
    return replace(Customer(number, sent=number != BUSY, attempts=1), **changes)


def judge(
    calls: Sequence[CarrierCall],
    attempts: Sequence[Attempt],
    customers: Sequence[Customer] = (),
    troubles: Troubles = QUIET,
    heard: float = 3.7,
) -> list[Breach]:
    by_ear = {call.recording: heard for call in calls if call.recording}
    return find_breaches(calls, attempts, customers, troubles, TERMS, by_ear)


def kinds(found: Sequence[Breach]) -> list[str]:
    return sorted({breach.kind for breach in found})


def pbx_killed(seconds: float) -> Troubles:
    return Troubles((at(seconds),), (), ((at(seconds), at(seconds + 5)),))


def test_records_that_agree_are_no_breach() -> None:
    calls, attempts = [call(), call(BUSY)], [attempt(), attempt(BUSY, attempt_id="A2")]
    assert judge(calls, attempts, [customer(), customer(BUSY)]) == []


# Planted duplicates


def test_two_calls_of_one_attempt() -> None:
    again = call(BUSY, invite_at=at(0.15), end_at=at(0.25))
    assert kinds(judge([call(BUSY), again], [attempt(BUSY)])) == ["duplicate"]


def test_call_without_an_attempt() -> None:
    assert kinds(judge([call()], [])) == ["duplicate"]


def test_call_after_an_answered_one() -> None:
    later = call(invite_at=at(60), answer_at=None, end_at=at(61), sip_code=487)
    second = attempt(
        attempt_id="A2", outcome="no_answer", claimed_at=at(59), dialing_at=at(59.5),
        answered_at=None, ended_at=at(62), heard_seconds=None,
    )  # fmt: skip
    found = judge([call(), later], [attempt(), second])
    assert "duplicate" in kinds(found)
    assert any("after one that was answered" in breach.sentence for breach in found)


@pytest.mark.parametrize("outcome", ["lost", "declined", "does_not_exist", "hung_up_early"])
def test_dialled_again_after_an_outcome_that_forbids_it(outcome: str) -> None:
    first = attempt(BUSY, outcome=outcome)
    second = attempt(BUSY, attempt_id="A2", claimed_at=at(59), dialing_at=at(60), ended_at=at(61))
    calls = [call(BUSY), call(BUSY, invite_at=at(60.1), end_at=at(60.2))]
    found = judge(calls, [first, second])
    assert any("A2 was dialled after A1" in breach.sentence for breach in found)


def test_busy_twice_has_two_attempts() -> None:
    second = attempt(BUSY, attempt_id="A2", claimed_at=at(59), dialing_at=at(60), ended_at=at(61))
    calls = [call(BUSY), call(BUSY, invite_at=at(60.1), end_at=at(60.2))]
    assert judge(calls, [attempt(BUSY), second], [customer(BUSY, attempts=2)]) == []


# Planted losses


def test_attempt_whose_call_never_came() -> None:
    assert kinds(judge([], [attempt()])) == ["missing"]
    assert kinds(judge([], [attempt(outcome="lost")])) == ["missing"]


def test_lost_with_the_pbx_needs_no_call() -> None:
    lost = attempt(outcome="lost", answered_at=None, ended_at=at(40), heard_seconds=None)
    assert judge([], [lost], troubles=pbx_killed(0.5)) == []
    assert kinds(judge([], [lost], troubles=pbx_killed(50))) == ["missing"]


def test_customer_who_was_never_called() -> None:
    assert kinds(judge([], [], [customer(sent=False, attempts=0)])) == ["missing"]
    released = attempt(state="released", outcome=None, dialing_at=None)
    found = judge([], [released], [customer(sent=False, attempts=0)])
    assert kinds(found) == ["missing"]


@pytest.mark.parametrize("state", ["claimed", "dialing", "answered", "unresolved"])
def test_row_that_is_not_final(state: str) -> None:
    stuck = attempt(state=state, outcome=None, ended_at=None)
    assert kinds(judge([call()], [stuck])) == ["not final"]


# Planted wrong outcomes


def test_telephone_that_rings_longer_than_we_let_it() -> None:
    rang = call("3000100197", answer_at=None, end_at=at(5.2), sip_code=487)
    missed = attempt(
        "3000100197", outcome="no_answer", answered_at=None, heard_seconds=None, ended_at=at(5.3)
    )
    assert judge([rang], [missed]) == []
    let_down = replace(rang, end_at=at(0.9))
    assert kinds(judge([let_down], [missed])) == ["wrong outcome"]


def test_ring_time_that_was_over_before_the_pbx_died() -> None:
    rang = call("3000100161", answer_at=None, end_at=at(5.2), sip_code=487)
    missed = attempt(
        "3000100161", outcome="no_answer", answered_at=None, heard_seconds=None, ended_at=at(5.3)
    )
    assert judge([rang], [missed], troubles=pbx_killed(6)) == []
    # Its CANCEL died with it: the carrier's call ended only when the carrier was told.
    let_ring = replace(rang, end_at=at(9))
    assert judge([let_ring], [missed], troubles=pbx_killed(5.3)) == []
    assert kinds(judge([let_ring], [missed], troubles=pbx_killed(4.5))) == ["wrong outcome"]


@pytest.mark.parametrize("outcome", ["no_answer", "lost", "hung_up_early", "congestion"])
def test_outcome_that_the_carrier_did_not_see(outcome: str) -> None:
    assert kinds(judge([call()], [attempt(outcome=outcome)])) == ["wrong outcome"]


def test_not_placed_but_the_telephone_rang() -> None:
    not_placed = attempt(outcome="not_placed", answered_at=None, heard_seconds=None)
    assert kinds(judge([call()], [not_placed])) == ["wrong outcome"]


def test_lost_is_right_only_when_the_pbx_died_during_the_call() -> None:
    lost = attempt(outcome="lost", ended_at=at(60), heard_seconds=None)
    assert judge([call()], [lost], troubles=pbx_killed(3)) == []
    assert kinds(judge([call()], [lost], troubles=pbx_killed(30))) == ["wrong outcome"]
    assert kinds(judge([call()], [lost], troubles=pbx_killed(-30))) == ["wrong outcome"]


def test_telephone_that_rang_when_the_pbx_died_was_not_unanswered() -> None:
    rang = call(answer_at=None, end_at=at(3), sip_code=487)
    wrong = attempt(outcome="no_answer", answered_at=None, ended_at=at(40), heard_seconds=None)
    assert kinds(judge([rang], [wrong], troubles=pbx_killed(2))) == ["wrong outcome"]
    assert judge([rang], [replace(wrong, outcome="lost")], troubles=pbx_killed(2)) == []


def test_invite_that_was_on_its_way_when_the_pbx_died() -> None:
    lost = attempt(outcome="lost", ended_at=at(60), heard_seconds=None)
    assert judge([call()], [lost], troubles=pbx_killed(0)) == []


@pytest.mark.parametrize(("heard", "fits"), [(3.7, True), (3.2, True), (2.9, False), (5.0, False)])
def test_seconds_heard(heard: float, fits: bool) -> None:
    assert (judge([call()], [attempt(heard_seconds=heard)]) == []) is fits


def test_line_that_was_held_after_the_message_is_no_more_to_be_heard() -> None:
    held = call(end_at=at(5.6))
    assert judge([held], [attempt()]) == []
    assert kinds(judge([held], [attempt(heard_seconds=2.9)])) == ["wrong outcome"]


def test_less_was_heard_while_fastagi_was_hit() -> None:
    hit = Troubles((), ((at(2), at(3)),), ((at(2), at(3)),))
    slept = attempt("3000100150", heard_seconds=5.0)
    hung_up = call("3000100150", ended_by="carrier", end_at=at(4.1))
    assert judge([hung_up], [slept], troubles=hit, heard=2.8) == []
    assert kinds(judge([hung_up], [slept], heard=2.8)) == ["wrong outcome"]
    assert judge([call()], [attempt(heard_seconds=1.5)], troubles=hit) == []
    assert (
        judge([call()], [attempt(heard_seconds=1.5, outcome="hung_up_early")], troubles=hit) == []
    )
    assert kinds(judge([call()], [attempt(outcome="busy")], troubles=hit)) == ["wrong outcome"]


def test_message_that_the_recording_does_not_hold() -> None:
    assert judge([call()], [attempt()], heard=3.2) == []
    assert kinds(judge([call()], [attempt()], heard=2.5)) == ["not heard"]
    assert kinds(judge([call()], [attempt()], heard=0.5)) == ["not heard", "wrong outcome"]


def test_message_that_the_customer_or_the_end_of_the_pbx_cut_off() -> None:
    hung_up = call("3000100150", ended_by="carrier", end_at=at(4.1))
    assert judge([hung_up], [attempt("3000100150", heard_seconds=3.0)], heard=2.8) == []
    lost = attempt(outcome="lost", heard_seconds=None)
    assert judge([call()], [lost], troubles=pbx_killed(2), heard=0.9) == []


@pytest.mark.parametrize("changes", [{"sent": False}, {"attempts": 0}, {"attempts": 2}])
def test_company_table_that_says_something_else(changes: dict[str, Any]) -> None:
    assert kinds(judge([call()], [attempt()], [customer(**changes)])) == ["company"]


# The trunk's limits


def evenly(count: int, spacing: float, lasts: float = 0.2) -> list[CarrierCall]:
    return [
        call(BUSY, invite_at=at(i * spacing), end_at=at(i * spacing + lasts)) for i in range(count)
    ]


def test_calls_per_second() -> None:
    assert find_overload(evenly(20, 0.204), 5, 20) == []
    assert kinds(find_overload(evenly(20, 0.15), 5, 20)) == ["calls per second"]


def test_one_call_too_early_after_a_restart_is_seen() -> None:
    calls = evenly(6, 0.204)
    calls.append(call(BUSY, invite_at=at(0.9), end_at=at(1)))
    assert kinds(find_overload(calls, 5, 20)) == ["calls per second"]


def test_calls_at_once() -> None:
    assert find_overload(evenly(12, 0.3, lasts=60), 5, 12) == []
    assert kinds(find_overload(evenly(13, 0.3, lasts=60), 5, 12)) == ["calls at once"]
    assert find_overload(evenly(13, 0.3, lasts=3), 5, 12) == []
