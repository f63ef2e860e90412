"""A customer who rings back, as the server hears him; a client plays Asterisk."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from threading import Event, Thread

import pytest

from campaign.journal import Course
from campaign.met import Values
from campaign.token import token
from tests.fake_asterisk import SECRET, Call, attempt
from tests.running_fastagi import PROMPT, THANKS, Running

NUMBER = "573001234567"
GREETING = "es_MX/saludo_titular"
NEUTRAL = "es_MX/mensaje_neutral"
SOUNDS = {
    PROMPT: 10.0,
    THANKS: 2.5,
    GREETING: 4.0,
    NEUTRAL: 3.0,
    "es_MX/dnc_confirm": 2.0,
    "es_MX/dnc_done": 2.0,
}


@pytest.fixture
def called(fastagi: Running) -> Running:
    """A server that knows of a call to the number."""
    fastagi.store.called = {NUMBER: attempt(1)}
    return fastagi


def rings(fastagi: Running, caller: str = "3001234567", **kwargs: object) -> Call:
    """A call back to its end."""
    return fastagi.call(
        "inbound", "1772463600.7", caller=caller, **{"prompts": SOUNDS} | kwargs
    ).run()


def played(call: Call) -> list[str]:
    return [c.split('"')[1] for c in call.commands if c.startswith("STREAM FILE")]


def assert_neutral(call: Call) -> None:
    """Nothing is said by the server, and the dialplan plays its neutral text."""
    assert played(call) == []
    assert "OVERDUE_LEG" not in call.variables


@pytest.mark.parametrize("caller", ["3001234567", "573001234567", "+573001234567", "03001234567"])
def test_he_is_recognised_however_the_network_writes_his_number(
    called: Running, caller: str
) -> None:
    call = rings(called, caller)
    assert played(call) == [PROMPT]
    assert call.variables == {
        "OVERDUE_LANGUAGE": "es_MX",
        "OVERDUE_TOKEN": token(SECRET, attempt(1)),
        "OVERDUE_CALL_BACK": attempt(1),
        "OVERDUE_COURSE": "",
        "OVERDUE_LEG": "10.00;1;;agi",
    }
    heard = called.store.rang[attempt(1)]
    assert heard is not None
    assert heard.leg.heard_seconds == 10.0


def test_no_attempt_hears_of_it(called: Running) -> None:
    rings(called, keys=(("1", 3.0),))
    assert (called.store.answered, called.store.heard, called.store.ended) == ({}, {}, {})


@pytest.mark.parametrize(
    "caller", ["", "unknown", "anonymous", "3009999999", "+13051234567", "123", "3" * 600, "ñ'\\"]
)
def test_whoever_was_not_called_hears_the_neutral_text(called: Running, caller: str) -> None:
    assert_neutral(rings(called, caller))
    assert called.store.rang == {}


@pytest.mark.parametrize("presentation", [0x20, 0x23, 0x43, 0x60])
def test_a_number_that_is_withheld_is_not_used(called: Running, presentation: int) -> None:
    assert_neutral(rings(called, presentation=presentation))
    assert called.store.rang == {}


@pytest.mark.parametrize("secret", ["", "another-secret-than-ours"])
def test_a_forged_session_hears_and_changes_nothing(
    called: Running, secret: str, caplog: pytest.LogCaptureFixture
) -> None:
    assert_neutral(rings(called, secret=secret))
    assert called.store.rang == {}
    assert "moment=inbound recognised=no reason=forged" in caplog.text


@pytest.mark.parametrize("fault", ["down", "hangs", "bug"])
def test_without_the_database_the_neutral_text(called: Running, fault: str) -> None:
    called.store.down = fault == "down"
    called.store.fault = KeyError("bug") if fault == "bug" else None
    if fault == "hangs":
        called.store.free.clear()
    assert_neutral(rings(called))


def test_who_no_longer_owes_hears_the_thank_you(called: Running) -> None:
    called.store.paid = {attempt(1)}
    assert played(rings(called)) == [THANKS]


def test_without_a_thank_you_the_neutral_text(called: Running) -> None:
    called.store.paid = {attempt(1)}
    called.store.terms = replace(called.store.terms, paid_prompt=None)
    assert_neutral(rings(called))


VALUES = Values(Decimal(100), date(2026, 12, 15), None)


def test_how_much_he_owes_is_not_said_to_whoever_shows_his_number(called: Running) -> None:
    called.store.terms = replace(called.store.terms, personal=("es_MX/your_balance", "{amount}"))
    called.store.values = VALUES
    assert played(rings(called)) == [PROMPT]


@pytest.mark.parametrize("confirms", [True, False])
def test_with_confirm_it_is_said_to_the_holder_alone(called: Running, confirms: bool) -> None:
    called.store.terms = replace(
        called.store.terms, flow="confirm", personal=("es_MX/your_balance",)
    )
    called.store.values = VALUES
    sounds = SOUNDS | {"es_MX/your_balance": 2.0}
    call = rings(called, prompts=sounds, waits=["1"] if confirms else [])
    assert played(call) == [GREETING, "es_MX/your_balance" if confirms else NEUTRAL]


def test_the_do_not_call_key_works_there_too(called: Running) -> None:
    call = rings(called, keys=(("9", 3.0),), waits=["9"])
    assert played(call) == [PROMPT, "es_MX/dnc_confirm", "es_MX/dnc_done"]
    assert list(called.store.opted_out) == [attempt(1)]
    heard = called.store.rang[attempt(1)]
    assert heard is not None
    assert heard.course is Course.DO_NOT_CALL


def test_what_the_database_does_not_take_stays_with_the_pbx(called: Running) -> None:
    hold = Event()
    call = called.call(
        "inbound",
        "1772463600.7",
        caller="3001234567",
        prompts=SOUNDS,
        keys=(("9", 3.0),),
        waits=["9"],
        hold=hold,
    )
    ringing = Thread(target=call.run)
    ringing.start()
    assert call.streaming.wait(10)
    called.store.down = True
    hold.set()
    ringing.join(20)
    assert called.store.opted_out == {}
    assert call.variables["OVERDUE_CALL_BACK"] == attempt(1)
    assert call.variables["OVERDUE_COURSE"] == "do_not_call"
    assert called.store.rang == {attempt(1): None}


def test_a_promise_that_the_database_does_not_take_stays_with_the_pbx(called: Running) -> None:
    called.store.promise = away  # type: ignore[method-assign]
    sounds = {"promise_ask": 3.0, "promise_thanks": 2.0}
    prompts = SOUNDS | {f"es_MX/{name}": seconds for name, seconds in sounds.items()}
    call = rings(called, prompts=prompts, keys=(("3", 3.0),), waits=["2"])
    assert "es_MX/promise_thanks" in played(call)
    assert call.variables["OVERDUE_COURSE"].startswith("promised;20")


def away(*_: object) -> bool:
    raise OSError("away")


def end_of_a_call_back(call_id: str = attempt(1), secret: str = SECRET) -> str:
    """As [overdue-inbound-hangup] writes it."""
    return f"ended|16|1772463700000|1772463690000|do_not_call|||{token(secret, call_id)}|"


def rings_off(called: Running, entry: str, call_id: str = attempt(1)) -> Call:
    """The hangup handler of a call back."""
    astdb = {("overdue-back", call_id): entry}
    return called.call("rang_off", "1772463600.7", args=(call_id, entry), astdb=astdb).run()


def test_the_end_of_a_call_back_is_recorded_and_the_pbx_forgets_it(called: Running) -> None:
    rings(called)
    assert rings_off(called, end_of_a_call_back()).astdb == {}
    assert called.store.rang_off[attempt(1)].course is Course.DO_NOT_CALL


@pytest.mark.parametrize("fault", ["down", "hangs", "unknown", "forged", "broken"])
def test_an_end_that_is_not_recorded_stays_with_the_pbx(called: Running, fault: str) -> None:
    if fault != "unknown":
        rings(called)
    called.store.down = fault == "down"
    if fault == "hangs":
        called.store.free.clear()
    entry = end_of_a_call_back(secret="another-secret" if fault == "forged" else SECRET)
    entry = "broken" if fault == "broken" else entry
    assert rings_off(called, entry).astdb == {("overdue-back", attempt(1)): entry}
    assert called.store.rang_off == {}


def test_what_is_no_id_of_a_call_back_is_refused(called: Running) -> None:
    rings(called)
    call_id = "../overdue/token"
    assert rings_off(called, end_of_a_call_back(call_id), call_id).commands == []


def test_the_sweep_brings_it_and_the_pbx_forgets_it(called: Running) -> None:
    rings(called)
    sweep = called.call("sweep", astdb={("overdue-back", attempt(1)): end_of_a_call_back()}).run()
    assert sweep.astdb == {}
    assert called.store.rang_off[attempt(1)].course is Course.DO_NOT_CALL


def test_the_sweep_keeps_it_while_the_database_is_away(called: Running) -> None:
    rings(called)
    called.store.down = True
    astdb = {("overdue-back", attempt(1)): end_of_a_call_back()}
    assert called.call("sweep", astdb=dict(astdb)).run().astdb == astdb


@pytest.mark.parametrize(
    "entry",
    [
        "broken",
        end_of_a_call_back(secret="another-secret-than-ours"),
        end_of_a_call_back(attempt(2)),
    ],
)
def test_the_sweep_believes_only_what_the_server_was_told(called: Running, entry: str) -> None:
    rings(called)
    sweep = called.call("sweep", astdb={("overdue-back", attempt(1)): entry}).run()
    assert called.store.rang_off == {}
    assert list(sweep.astdb) == [("overdue-aside", attempt(1))]
    assert token(SECRET, attempt(2)) not in sweep.astdb["overdue-aside", attempt(1)]


def test_the_sweep_sets_aside_a_call_back_that_the_database_does_not_know(called: Running) -> None:
    astdb = {("overdue-back", attempt(1)): end_of_a_call_back()}
    sweep = called.call("sweep", astdb=astdb).run()
    assert list(sweep.astdb) == [("overdue-aside", attempt(1))]


def test_the_log_shows_no_number(called: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    rings(called)
    rings(called, "3009999999")
    assert "caller=57300***4567" in caplog.text
    for number in ("3001234567", "3009999999"):
        assert number not in caplog.text
