"""The server itself: strangers, health, limits, faults, its stop; a client plays Asterisk."""

import socket
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from fastagi_server.moments import MOMENTS, Moment
from fastagi_server.service import Service
from fastagi_server.session import Session
from lab.waiting import wait_until
from tests.fake_asterisk import attempt, busy
from tests.running_fastagi import PROMPT, THANKS, Running, running


@pytest.mark.parametrize(
    ("moment", "uniqueid", "args"),
    [
        ("answered", "1700000000.1", (PROMPT, THANKS)),
        ("answered", attempt(1) + "0", (PROMPT, THANKS)),
        ("answered", attempt(1), ("", THANKS)),
        ("ended", "1700000000.1", (busy(1),)),
        ("outbound", attempt(1), ()),
        ("", attempt(1), ()),
    ],
)
def test_a_request_that_is_not_ours_gets_no_command(
    fastagi: Running, moment: str, uniqueid: str, args: tuple[str, ...]
) -> None:
    call = fastagi.call(moment, uniqueid, args=args).run()
    assert call.commands == []
    assert not fastagi.store.ended


def test_a_call_that_breaks_off_is_logged_with_its_attempt(
    fastagi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(fastagi.address) as connection:
        connection.sendall(fastagi.call("answered").header().encode())
        assert connection.recv(4096).startswith(b"STREAM FILE")
    assert wait_until(lambda: f"attempt='{attempt(1)}' error=ClosedError" in caplog.text, 10)


@pytest.mark.parametrize(("down", "health"), [(False, "ok"), (True, "database")])
def test_health_says_whether_calls_are_recorded(fastagi: Running, down: bool, health: str) -> None:
    fastagi.store.down = down
    assert fastagi.call("health", "1700000000.7").run().variables == {"OVERDUE_HEALTH": health}


@pytest.mark.parametrize("secret", ["", "another-secret-than-ours"])
def test_health_says_that_the_originator_has_another_secret(fastagi: Running, secret: str) -> None:
    call = fastagi.call("health", "1700000000.7", secret=secret).run()
    assert call.variables == {"OVERDUE_HEALTH": "secret"}


def test_two_hundred_calls_at_once(fastagi: Running) -> None:
    hold = threading.Event()
    calls = [
        fastagi.call("answered", attempt(n), prompts={PROMPT: n / 10 + 1}, hold=hold)
        for n in range(200)
    ]
    with ThreadPoolExecutor(200) as pool:
        done = [pool.submit(call.run) for call in calls]
        for call in calls:
            assert call.streaming.wait(20)
        hold.set()
        for future in done:
            future.result(20)

    legs = {call.uniqueid: call.variables["OVERDUE_LEG"] for call in calls}
    assert legs == {attempt(n): f"{n / 10 + 1:.2f};1;;agi" for n in range(200)}


def failing(session: Session, service: Service) -> None:
    raise ZeroDivisionError("a bug of ours")


def test_a_handler_that_fails_touches_no_other_call(caplog: pytest.LogCaptureFixture) -> None:
    hold = threading.Event()
    with running(moments={**MOMENTS, "failing": Moment(failing, 5)}) as fastagi:
        good = fastagi.call("answered", prompts={PROMPT: 5}, hold=hold)
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(good.run)
            assert good.streaming.wait(10)
            assert fastagi.call("failing", attempt(2)).run().commands == []
            hold.set()
            done.result(10)
        assert good.variables == {"OVERDUE_LEG": "5.00;1;;agi"}
        assert wait_until(lambda: any(r.exc_info for r in caplog.records), 10)


def test_a_client_that_says_nothing_is_let_go_and_harms_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("fastagi_server.moments.HEADER_SECONDS", 0.2)
    with running() as fastagi:
        stuck = fastagi.call("answered")
        monkeypatch.setattr(stuck, "header", lambda: "agi_network: yes\n")
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(stuck.run)
            fastagi.call("ended", args=(busy(1),)).run()
            done.result(10)
        assert set(fastagi.store.ended) == {attempt(1)}


def test_a_call_that_never_ends_is_ended_by_the_limit_of_its_session() -> None:
    hold = threading.Event()
    answered = Moment(MOMENTS["answered"].handle, 0.2)
    with running(moments={"answered": answered}) as fastagi:
        stuck = fastagi.call("answered", prompts={PROMPT: 5}, hold=hold)
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(stuck.run)
            assert stuck.streaming.wait(10)
            assert wait_until(lambda: fastagi.server.drain(0, lambda: None) == 0, 10)
            hold.set()
            done.result(10)
        assert stuck.variables == {}


def test_calls_over_the_limit_are_closed_at_once_and_places_are_given_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hold = threading.Event()
    with running(max_sessions=2) as fastagi, ThreadPoolExecutor(2) as pool:
        held = [
            fastagi.call("answered", attempt(n), prompts={PROMPT: 5}, hold=hold) for n in range(2)
        ]
        done = [pool.submit(call.run) for call in held]
        assert all(call.streaming.wait(10) for call in held)

        assert fastagi.call("ended", attempt(5), args=(busy(5),)).run().commands == []
        assert any("max_sessions" in r.getMessage() for r in caplog.records)

        hold.set()
        for future in done:
            future.result(10)
        assert wait_until(lambda: fastagi.server.drain(0, lambda: None) == 0, 10)
        fastagi.call("ended", attempt(6), args=(busy(6),)).run()
        assert set(fastagi.store.ended) == {attempt(0), attempt(1), attempt(6)}
        assert all(call.variables for call in held)


def test_a_stop_finishes_the_calls_that_run_and_takes_no_new_ones() -> None:
    hold = threading.Event()
    with running() as fastagi, ThreadPoolExecutor(1) as pool:
        call = fastagi.call("answered", prompts={PROMPT: 5}, hold=hold)
        done = pool.submit(call.run)
        assert call.streaming.wait(10)
        fastagi.stop()

        with pytest.raises(ConnectionRefusedError):
            fastagi.call("ended", args=(busy(1),)).run()
        assert fastagi.server.drain(0.05, lambda: None) == 1

        hold.set()
        done.result(10)
        assert fastagi.server.drain(10, lambda: None) == 0
        assert call.variables == {"OVERDUE_LEG": "5.00;1;;agi"}
