"""The real server object over loopback; a client plays Asterisk, the handlers are the real ones."""

import logging
import re
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from ulid import ULID

from campaign.clock import SystemClock
from campaign.journal import Course, Leg, parse_end
from campaign.token import token
from fastagi_server.handlers.answered import MAX_KEYS
from fastagi_server.moments import MOMENTS, Moment
from fastagi_server.recorder import Recorder
from fastagi_server.server import Server, listen
from fastagi_server.service import Service
from fastagi_server.session import Session
from tests.fake_asterisk import SECRET, Call, attempt, busy
from tests.recording_store import RecordingStore

PROMPT = "es_MX/morosos_natalia"
THANKS = "es_MX/gracias_pago"


class Running:
    """A server on a free port with a thread of its own."""

    def __init__(
        self, max_sessions: int, moments: Mapping[str, Moment], seconds: Callable[[], float]
    ) -> None:
        self.store = RecordingStore()
        self.recorder = Recorder(self.store)
        listener = listen("127.0.0.1", 0)
        self.address: tuple[str, int] = listener.getsockname()
        self.server = Server(
            listener, Service(self.recorder, SystemClock(), SECRET, seconds), max_sessions, moments
        )
        self._thread = threading.Thread(target=self.server.serve, args=(lambda: None,))
        self._thread.start()

    def stop(self) -> None:
        self.server.stop()
        self._thread.join(10)
        assert not self._thread.is_alive()

    def call(self, moment: str, uniqueid: str = attempt(1), **kwargs: object) -> Call:
        return Call(self.address, moment, uniqueid, **kwargs)  # type: ignore[arg-type]


def hurried() -> Callable[[], float]:
    """A clock for prompts that play in no time: a day goes by between two readings."""
    days = count(step=86_400.0)
    return lambda: next(days)


@contextmanager
def running(
    max_sessions: int = 400,
    moments: Mapping[str, Moment] = MOMENTS,
    seconds: Callable[[], float] | None = None,
) -> Iterator[Running]:
    made = Running(max_sessions, moments, seconds or hurried())
    try:
        yield made
    finally:
        made.stop()
        made.store.free.set()
        assert made.server.drain(10, lambda: None) == 0
        made.recorder.close()
        made.server.close()


@pytest.fixture
def fastagi() -> Iterator[Running]:
    with running() as made:
        yield made


def wait_for(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, "the condition never came true"
        time.sleep(0.005)


def test_a_message_heard_to_its_end(fastagi: Running) -> None:
    call = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 12.5}).run()

    assert call.variables == {"OVERDUE_LEG": "12.50;1;;agi"}
    assert call.commands[-1].startswith("SET VARIABLE"), "the leg is the server's last word"
    assert fastagi.store.heard == {attempt(1): Leg(12.5, True, "", "agi")}
    wait_for(lambda: list(fastagi.store.answered) == [attempt(1)])


def test_keys_are_noted_and_the_message_goes_on_where_it_was(fastagi: Running) -> None:
    call = fastagi.call(
        "answered", args=(PROMPT, THANKS), prompts={PROMPT: 10}, keys=(("1", 3.02), ("#", 5.1))
    ).run()

    assert call.variables["OVERDUE_LEG"] == "10.00;1;1@3.02 #@5.10;agi"
    assert [c.rsplit(" ", 1)[1] for c in call.commands[:3]] == ['"0"', '"24160"', '"40800"']


def test_a_key_on_the_last_sample_of_the_message(fastagi: Running) -> None:
    call = fastagi.call(
        "answered", args=(PROMPT, THANKS), prompts={PROMPT: 4}, keys=(("9", 4.0),)
    ).run()
    assert call.variables["OVERDUE_LEG"] == "4.00;1;9@4.00;agi"


def test_a_customer_who_hammers_on_the_keys_still_gets_a_leg(fastagi: Running) -> None:
    keys = tuple(("5", second / 10) for second in range(1, 200))
    call = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 30}, keys=keys).run()

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
    call = fastagi.call(
        "answered", args=(PROMPT, THANKS), prompts={PROMPT: 12}, hangs_up_at=second
    ).run()
    assert call.variables == {"OVERDUE_LEG": heard}
    assert str(fastagi.store.heard[attempt(1)]) == heard


def test_no_more_is_heard_than_time_has_gone_by() -> None:
    """A hangup while the file was being opened: Asterisk gave the whole file's length."""
    times = iter([100.0, 100.04])
    with running(seconds=lambda: next(times)) as fastagi:
        call = fastagi.call(
            "answered", args=(PROMPT, THANKS), prompts={PROMPT: 15.65}, hangs_up_at=15.65
        ).run()
    assert call.variables == {"OVERDUE_LEG": "0.04;0;;agi"}


def test_a_customer_who_presses_and_hangs_up(fastagi: Running) -> None:
    call = fastagi.call(
        "answered", args=(PROMPT, THANKS), prompts={PROMPT: 9}, keys=(("2", 1.5),), hangs_up_at=2.25
    ).run()
    assert call.variables["OVERDUE_LEG"] == "2.25;0;2@1.50;agi"


@pytest.mark.parametrize("prompts", [{}, {PROMPT: 0.0}], ids=["missing", "empty"])
def test_a_prompt_that_cannot_be_played_leaves_the_call_to_the_dialplan(
    fastagi: Running, prompts: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    call = fastagi.call("answered", args=(PROMPT, THANKS), prompts=prompts).run()

    assert call.variables == {}
    assert fastagi.store.heard == {}
    [error] = [r for r in caplog.records if r.levelno == logging.ERROR]
    assert attempt(1) in error.getMessage()


@pytest.mark.parametrize("fault", ["down", "hangs", "bug"])
def test_the_leg_is_told_to_the_dialplan_without_a_database(fastagi: Running, fault: str) -> None:
    fastagi.store.down = fault == "down"
    fastagi.store.fault = KeyError("bug") if fault == "bug" else None
    if fault == "hangs":
        fastagi.store.free.clear()
    began = time.monotonic()

    call = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 5}).run()

    assert call.variables == {"OVERDUE_LEG": "5.00;1;;agi"}
    assert time.monotonic() - began < 1.5


@pytest.mark.parametrize(
    ("moment", "uniqueid", "args"),
    [
        ("answered", "1700000000.1", (PROMPT, THANKS)),
        ("answered", attempt(1) + "0", (PROMPT, THANKS)),
        ("answered", attempt(1), ("", THANKS)),
        ("ended", "1700000000.1", (busy(1),)),
        ("inbound", attempt(1), ()),
        ("", attempt(1), ()),
    ],
)
def test_a_request_that_is_not_ours_gets_no_command(
    fastagi: Running, moment: str, uniqueid: str, args: tuple[str, ...]
) -> None:
    call = fastagi.call(moment, uniqueid, args=args).run()
    assert call.commands == []
    assert not fastagi.store.ended


def test_an_end_is_recorded_and_then_leaves_the_journal(fastagi: Running) -> None:
    call = fastagi.call("ended", args=(busy(1),), astdb={("overdue", attempt(1)): busy(1)}).run()
    assert fastagi.store.ended == {attempt(1): parse_end(busy(1), attempt(1), SECRET)}
    assert call.astdb == {}


def test_an_end_whose_cause_holds_commas_stays_whole(fastagi: Running) -> None:
    entry = busy(1, tech="SIP 603 Decline, thanks")
    fastagi.call("ended", args=tuple(entry.split(","))).run()
    assert fastagi.store.ended[attempt(1)].tech == "SIP 603 Decline, thanks"


@pytest.mark.parametrize("fault", ["down", "hangs", "unknown", "bug"])
def test_an_end_that_was_not_committed_stays_in_the_journal(fastagi: Running, fault: str) -> None:
    fastagi.store.down = fault == "down"
    fastagi.store.fault = KeyError("bug") if fault == "bug" else None
    fastagi.store.unknown = {attempt(1)} if fault == "unknown" else set()
    if fault == "hangs":
        fastagi.store.free.clear()
    began = time.monotonic()

    call = fastagi.call("ended", args=(busy(1),), astdb={("overdue", attempt(1)): busy(1)}).run()

    assert call.astdb == {("overdue", attempt(1)): busy(1)}
    assert time.monotonic() - began < 1.0, "BYE and CANCEL wait for this"


@pytest.mark.parametrize("entry", ["placed", "ended|17", "", 'x"; EXEC System reboot'])
def test_an_end_that_cannot_be_read_stays_in_the_journal(fastagi: Running, entry: str) -> None:
    call = fastagi.call("ended", args=(entry,), astdb={("overdue", attempt(1)): entry}).run()
    assert call.commands == []
    assert not fastagi.store.ended


def test_a_sweep_brings_the_ends_and_sets_aside_what_means_nothing(
    fastagi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    open_call, broken, probe = attempt(2), attempt(3), str(ULID())
    left = {("overdue", open_call): "placed", ("overdue-probe", probe): "ok|1"}
    means_nothing = {("overdue", broken): "broken", ("overdue", "not-an-attempt"): busy(4)}
    journal = left | means_nothing | {("overdue", attempt(n)): busy(n) for n in range(10, 40)}

    call = fastagi.call("sweep", "1700000000.7", astdb=dict(journal)).run()

    assert call.astdb == left | {
        # Without an entry the open attempt would look as if it had never been placed.
        ("overdue", broken): "placed",
        ("overdue-aside", broken): "unreadable: broken",
        ("overdue-aside", "not-an-attempt"): f"no attempt id: {without_token(busy(4))}",
    }
    assert set(fastagi.store.ended) == {attempt(n) for n in range(10, 40)}
    line = [r for r in caplog.records if "moment=sweep recorded=" in r.getMessage()][-1]
    assert "recorded=30" in line.getMessage()
    assert "aside=2" in line.getMessage()


def test_a_sweep_deletes_what_is_left_of_final_attempts(fastagi: Running) -> None:
    fastagi.store.ended = {attempt(n): parse_end(busy(n), attempt(n), SECRET) for n in range(3)}
    journal = {
        ("overdue", attempt(0)): "placed",
        ("overdue", attempt(1)): busy(1),
        ("overdue", attempt(2)): "broken",
    }
    call = fastagi.call("sweep", astdb=journal).run()
    assert call.astdb == {("overdue-aside", attempt(2)): "unreadable: broken"}


def test_a_sweep_stops_when_the_database_is_down(fastagi: Running) -> None:
    fastagi.store.down = True
    journal = {("overdue", attempt(n)): busy(n) for n in range(50)}
    call = fastagi.call("sweep", astdb=dict(journal)).run()
    assert call.astdb == journal
    assert len(call.commands) == 3, "both lists and one entry"


@pytest.mark.parametrize("entry", ["placed", "broken"])
def test_a_sweep_keeps_what_it_cannot_ask_about(fastagi: Running, entry: str) -> None:
    fastagi.store.down = True
    journal = {("overdue", attempt(1)): entry}
    assert fastagi.call("sweep", astdb=dict(journal)).run().astdb == journal


def test_a_sweep_sets_aside_an_attempt_that_the_database_does_not_know(fastagi: Running) -> None:
    fastagi.store.unknown = {attempt(1), attempt(2)}
    journal = {("overdue", attempt(n)): busy(n) for n in range(2)}
    journal[("overdue", attempt(2))] = "placed"
    call = fastagi.call("sweep", astdb=journal).run()
    assert call.astdb == {
        ("overdue-aside", attempt(1)): f"unknown attempt: {without_token(busy(1))}",
        ("overdue-aside", attempt(2)): "unknown attempt: placed",
    }
    assert fastagi.call("sweep", astdb=call.astdb).run().astdb == call.astdb


def test_what_is_set_aside_cannot_break_the_line_that_carries_it(fastagi: Running) -> None:
    hostile = 'x"\r\t\\' + "é" * 3000
    call = fastagi.call("sweep", astdb={("overdue", attempt(1)): hostile}).run()
    aside = call.astdb["overdue-aside", attempt(1)]
    assert aside.startswith('unreadable: x"\\r\\t')
    assert len(aside) < 250


def test_a_sweep_forgets_old_probes(fastagi: Running) -> None:
    old = str(ULID.from_datetime(datetime.now(UTC) - timedelta(days=1, minutes=1)))
    young = str(ULID.from_datetime(datetime.now(UTC) - timedelta(hours=23)))
    probes = (old, young, "Z" * 26, "7" + "Z" * 25, "no-probe")
    astdb = {("overdue-probe", probe): "ok|1" for probe in probes}
    assert fastagi.call("sweep", astdb=astdb).run().astdb == {("overdue-probe", young): "ok|1"}


def without_token(entry: str) -> str:
    """As it is shown to people."""
    return re.sub("[0-9a-f]{32}", "...", entry)


@pytest.mark.parametrize("known", [True, False])
def test_a_sweep_leaves_a_forged_end_of_an_attempt_that_is_known(
    fastagi: Running, known: bool
) -> None:
    if not known:
        fastagi.store.unknown = {attempt(1)}
    forged = busy(1, secret="another-secret-than-ours")
    call = fastagi.call("sweep", astdb={("overdue", attempt(1)): forged}).run()
    aside = {("overdue-aside", attempt(1)): f"unknown attempt: {without_token(forged)}"}
    assert call.astdb == ({("overdue", attempt(1)): forged} if known else aside)


def test_a_sweep_of_an_empty_journal(fastagi: Running, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    assert len(fastagi.call("sweep").run().commands) == 2, "both lists"
    wait_for(lambda: "moment=sweep recorded=0" in caplog.text)


def test_a_call_that_breaks_off_is_logged_with_its_attempt(
    fastagi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    with socket.create_connection(fastagi.address) as connection:
        connection.sendall(fastagi.call("answered", args=(PROMPT, THANKS)).header().encode())
        assert connection.recv(4096).startswith(b"STREAM FILE")
    wait_for(lambda: f"attempt='{attempt(1)}' error=ClosedError" in caplog.text)


@pytest.mark.parametrize(("down", "health"), [(False, "ok"), (True, "database")])
def test_health_says_whether_calls_are_recorded(fastagi: Running, down: bool, health: str) -> None:
    fastagi.store.down = down
    assert fastagi.call("health", "1700000000.7").run().variables == {"OVERDUE_HEALTH": health}


@pytest.mark.parametrize("secret", ["", "another-secret-than-ours"])
def test_health_says_that_the_originator_has_another_secret(fastagi: Running, secret: str) -> None:
    call = fastagi.call("health", "1700000000.7", secret=secret).run()
    assert call.variables == {"OVERDUE_HEALTH": "secret"}


FORGERIES = {
    "none": "",
    "another secret": token("another-secret-than-ours", attempt(1)),
    "of another attempt": token(SECRET, attempt(2)),
    "cut": token(SECRET, attempt(1))[:-1],
    "longer": token(SECRET, attempt(1)) + "0",
    "upper case": token(SECRET, attempt(1)).upper(),
    "not ASCII": "ñ\x00😀",
}


def assert_nothing_changed(fastagi: Running, call: Call) -> None:
    fastagi.recorder.close()
    store = fastagi.store
    assert (store.answered, store.heard, store.ended) == ({}, {}, {})
    assert call.variables == {}
    assert not any(c.startswith(("DATABASE DEL", "STREAM")) for c in call.commands)


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
def test_an_answer_without_its_token_plays_and_changes_nothing(
    fastagi: Running, forged: str, caplog: pytest.LogCaptureFixture
) -> None:
    call = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 5})
    genuine = token(SECRET, attempt(1))
    header = call.header().replace(genuine, forged)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(call, "header", lambda: header)
        call.run()
    assert_nothing_changed(fastagi, call)
    assert f"moment=answered attempt={attempt(1)} committed=no reason=forged" in caplog.text
    assert genuine not in caplog.text


@pytest.mark.parametrize("forged", FORGERIES.values(), ids=FORGERIES)
@pytest.mark.parametrize("moment", ["ended", "sweep"])
def test_an_end_without_its_token_changes_and_deletes_nothing(
    fastagi: Running, moment: str, forged: str, caplog: pytest.LogCaptureFixture
) -> None:
    entry = busy(1).replace(token(SECRET, attempt(1)), forged.replace("\x00", ""))
    journal = {("overdue", attempt(1)): entry}
    call = fastagi.call(moment, args=(entry,), astdb=dict(journal)).run()
    assert_nothing_changed(fastagi, call)
    assert call.astdb == journal
    assert f"moment={moment} attempt={attempt(1)} committed=no reason=forged" in caplog.text


def test_a_sweep_goes_on_past_a_forged_entry(
    fastagi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    forged = {("overdue", attempt(1)): busy(1, secret="another-secret-than-ours")}
    journal = forged | {("overdue", attempt(n)): busy(n) for n in (0, 2)}
    call = fastagi.call("sweep", astdb=journal).run()
    assert call.astdb == forged
    assert set(fastagi.store.ended) == {attempt(0), attempt(2)}
    assert "moment=sweep recorded=2 forged=1" in caplog.text


def test_a_broken_entry_is_told_without_its_token(
    fastagi: Running, caplog: pytest.LogCaptureFixture
) -> None:
    fastagi.call("ended", args=(busy(1).replace("ended|17", "ended|x"),)).run()
    assert "not the end of a call: 'ended|x|1772463600000||||…|SIP 486 Busy Here'" in caplog.text


def test_two_hundred_calls_at_once(fastagi: Running) -> None:
    hold = threading.Event()
    calls = [
        fastagi.call(
            "answered", attempt(n), args=(PROMPT, THANKS), prompts={PROMPT: n / 10 + 1}, hold=hold
        )
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
        good = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 5}, hold=hold)
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(good.run)
            assert good.streaming.wait(10)
            assert fastagi.call("failing", attempt(2)).run().commands == []
            hold.set()
            done.result(10)
        assert good.variables == {"OVERDUE_LEG": "5.00;1;;agi"}
        wait_for(lambda: any(r.exc_info for r in caplog.records))


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
        stuck = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 5}, hold=hold)
        with ThreadPoolExecutor(1) as pool:
            done = pool.submit(stuck.run)
            assert stuck.streaming.wait(10)
            wait_for(lambda: fastagi.server.drain(0, lambda: None) == 0)
            hold.set()
            done.result(10)
        assert stuck.variables == {}


def test_calls_over_the_limit_are_closed_at_once_and_places_are_given_back(
    caplog: pytest.LogCaptureFixture,
) -> None:
    hold = threading.Event()
    with running(max_sessions=2) as fastagi, ThreadPoolExecutor(2) as pool:
        held = [
            fastagi.call(
                "answered", attempt(n), args=(PROMPT, THANKS), prompts={PROMPT: 5}, hold=hold
            )
            for n in range(2)
        ]
        done = [pool.submit(call.run) for call in held]
        assert all(call.streaming.wait(10) for call in held)

        assert fastagi.call("ended", attempt(5), args=(busy(5),)).run().commands == []
        assert any("max_sessions" in r.getMessage() for r in caplog.records)

        hold.set()
        for future in done:
            future.result(10)
        wait_for(lambda: fastagi.server.drain(0, lambda: None) == 0)
        fastagi.call("ended", attempt(6), args=(busy(6),)).run()
        assert set(fastagi.store.ended) == {attempt(6)}
        assert all(call.variables for call in held)


def test_a_stop_finishes_the_calls_that_run_and_takes_no_new_ones() -> None:
    hold = threading.Event()
    with running() as fastagi, ThreadPoolExecutor(1) as pool:
        call = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 5}, hold=hold)
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


def test_who_no_longer_owes_hears_the_thank_you_alone(fastagi: Running) -> None:
    fastagi.store.paid = {attempt(1)}
    call = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 12, THANKS: 2.5}).run()
    assert call.variables == {"OVERDUE_COURSE": "paid", "OVERDUE_LEG": "2.50;1;;agi"}
    # Before a sound: a server that dies now must leave no debt to the dialplan.
    assert [command.split('"')[1] for command in call.commands] == [
        "OVERDUE_COURSE", THANKS, "OVERDUE_LEG",
    ]  # fmt: skip
    wait_for(lambda: fastagi.store.courses == {attempt(1): Course.PAID})


def test_without_a_thank_you_nothing_is_played(fastagi: Running) -> None:
    fastagi.store.paid = {attempt(1)}
    call = fastagi.call("answered", args=(PROMPT, ""), prompts={PROMPT: 12}).run()
    assert call.variables == {"OVERDUE_COURSE": "paid", "OVERDUE_LEG": "0.00;1;;agi"}
    assert not [command for command in call.commands if "STREAM" in command]


def test_a_thank_you_that_cannot_be_played_is_not_replaced_by_the_announcement(
    fastagi: Running,
) -> None:
    fastagi.store.paid = {attempt(1)}
    call = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 12}).run()
    assert call.variables == {"OVERDUE_COURSE": "paid"}
    assert not [command for command in call.commands if PROMPT in command]


@pytest.mark.parametrize("fault", ["down", "hangs", "bug"])
def test_without_a_word_of_the_database_the_claims_check_stands(
    fastagi: Running, fault: str
) -> None:
    fastagi.store.paid = {attempt(1)}
    fastagi.store.down = fault == "down"
    fastagi.store.fault = KeyError("bug") if fault == "bug" else None
    if fault == "hangs":
        fastagi.store.free.clear()
    call = fastagi.call("answered", args=(PROMPT, THANKS), prompts={PROMPT: 5, THANKS: 2})
    began = time.monotonic()
    with ThreadPoolExecutor(1) as threads:
        session = threads.submit(call.run)
        assert call.streaming.wait(5)
        waited = time.monotonic() - began
        session.result()
    assert call.variables == {"OVERDUE_LEG": "5.00;1;;agi"}
    assert waited < 0.8
