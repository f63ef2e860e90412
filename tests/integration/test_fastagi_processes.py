"""The parent and its workers as real processes: silence, death, stops, the parent's own end."""

import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from fastagi_server.cli import main
from lab.waiting import wait_until
from tests.fake_asterisk import SECRET, Call, attempt, busy

ROOT = Path(__file__).parents[2]
PROMPT = "es_MX/morosos_natalia"


def free_port() -> str:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return str(free.getsockname()[1])


class Process:
    """A running service of two workers."""

    def __init__(self, directory: Path, *flags: str) -> None:
        self.address = ("127.0.0.1", int(free_port()))
        self.records = directory / "records"
        self.log = directory / "log"
        with self.log.open("wb") as log:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "tests.fastagi_process", str(self.address[1]),
                 str(self.records), *flags],
                cwd=ROOT, stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
            )  # fmt: skip

    def logged(self, pattern: str) -> list[str]:
        return re.findall(pattern, self.log.read_text())

    def workers(self) -> list[int]:
        return [int(pid) for pid in self.logged(r"event=worker_started pid=(\d+)")]

    def call(self, moment: str, number: int = 1, **kwargs: object) -> Call:
        return Call(self.address, moment, attempt(number), **kwargs)  # type: ignore[arg-type]

    def end(self) -> None:
        if self.popen.poll() is None:
            os.killpg(self.popen.pid, signal.SIGKILL)
        self.popen.wait(10)


@contextmanager
def serving(directory: Path) -> Iterator[Process]:
    process = Process(directory)
    try:
        assert wait_until(lambda: len(process.workers()) == 2, 10)
        yield process
    finally:
        process.end()


@contextmanager
def answered(process: Process, hold: threading.Event, number: int) -> Iterator[Call]:
    """A call whose prompt is playing while the block runs."""
    call = process.call("answered", number, prompts={PROMPT: 5}, hold=hold)
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(call.run)
        try:
            assert call.streaming.wait(10)
            yield call
        finally:
            hold.set()
            done.result(20)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def test_suspended_workers_are_killed_their_lines_freed_and_new_calls_served(
    tmp_path: Path,
) -> None:
    with serving(tmp_path) as process:
        old = process.workers()
        with answered(process, threading.Event(), 1) as call:
            assert call.connection
            for pid in old:
                os.kill(pid, signal.SIGSTOP)
            began = time.monotonic()
            call.connection.settimeout(10)
            # The line is free when the connection of AGI() ends.
            assert wait_until(lambda: not any(is_alive(pid) for pid in old), 10)
            assert time.monotonic() - began < 5
        assert call.variables == {}, "the dialplan must see that nobody acknowledged"

        process.call("ended", 2, args=(busy(2),)).run()
        assert process.records.read_text() == f"ended {attempt(2)} 17\n"
        assert wait_until(lambda: len(process.workers()) == 4, 10)
        assert len(process.logged("event=worker_silent")) == 2


def test_a_worker_that_is_killed_is_replaced(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        os.kill(process.workers()[0], signal.SIGKILL)
        assert wait_until(lambda: len(process.workers()) == 3, 10)
        process.call("ended", 2, args=(busy(2),)).run()
        assert process.records.read_text() == f"ended {attempt(2)} 17\n"


def test_workers_that_die_at_their_start_are_restarted_ever_more_slowly(tmp_path: Path) -> None:
    process = Process(tmp_path, "crash")
    try:
        assert wait_until(lambda: len(process.logged("next_in=")) >= 6, 20)
        pauses = [float(p) for p in process.logged(r"next_in=([\d.]+)")]
        assert pauses[:6] == sorted(pauses[:6])
        assert pauses[5] >= 2
        assert process.popen.poll() is None
        process.popen.terminate()
        assert process.popen.wait(10) == 0
    finally:
        process.end()


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_stop_finishes_running_calls_and_frees_the_port_at_once(
    tmp_path: Path, how: signal.Signals
) -> None:
    hold = threading.Event()
    with serving(tmp_path) as process:
        with answered(process, hold, 1) as call:
            # To the whole group, as Ctrl-C and systemd do.
            os.killpg(process.popen.pid, how)
            assert wait_until(lambda: bool(process.logged("event=stopping")), 10)

            def refused() -> bool:
                with socket.socket() as probe:
                    return probe.connect_ex(process.address) != 0

            assert wait_until(refused, 10)
            with socket.create_server(process.address):
                pass
            assert process.popen.poll() is None, "the call still runs"
        assert process.popen.wait(10) == 0
        assert call.variables == {"OVERDUE_LEG": "5.00;1;;agi"}
        assert process.records.read_text() == f"ended {attempt(1)} 16 5.00;1;;agi\n"
        assert not any(is_alive(pid) for pid in process.workers())


def test_a_second_signal_ends_it_at_once(tmp_path: Path) -> None:
    with serving(tmp_path) as process, answered(process, threading.Event(), 1) as call:
        process.popen.terminate()
        assert wait_until(lambda: bool(process.logged("event=stopping")), 10)
        assert process.popen.poll() is None
        process.popen.terminate()
        assert process.popen.wait(5) == 0
        assert not any(is_alive(pid) for pid in process.workers())
    assert call.variables == {}


def test_workers_finish_their_calls_and_end_when_the_parent_is_killed(tmp_path: Path) -> None:
    hold = threading.Event()
    with serving(tmp_path) as process:
        with answered(process, hold, 1) as call:
            process.popen.kill()
            process.popen.wait(10)
            assert wait_until(lambda: len([p for p in process.workers() if is_alive(p)]) == 1, 10)
        assert wait_until(lambda: not any(is_alive(pid) for pid in process.workers()), 10)
        assert call.variables == {"OVERDUE_LEG": "5.00;1;;agi"}


def test_health_of_a_running_and_of_an_absent_server(tmp_path: Path) -> None:
    with serving(tmp_path) as process:
        port = str(process.address[1])
        result = CliRunner().invoke(main, ["health", "--port", port])
        assert (result.exit_code, result.output) == (0, "ok\n")
    result = CliRunner().invoke(main, ["health", "--port", port])
    assert result.exit_code == 1
    assert "does not answer" in result.output
    assert "Traceback" not in result.output


def test_health_does_not_trust_another_service() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other, ThreadPoolExecutor(1) as pool:

        def reply() -> None:
            connection, _ = other.accept()
            with connection:
                connection.recv(4096)
                connection.sendall(b'SSH-2.0-"unclosed\n')
                connection.recv(4096)

        done = pool.submit(reply)
        result = CliRunner().invoke(main, ["health", "--port", str(other.getsockname()[1])])
        done.result(10)
    assert result.exit_code == 1
    assert "is not our FastAGI server" in result.output


SETTINGS = {
    "OVERDUE_SECRET": SECRET,
    "MYSQL_SERVER": "127.0.0.1",
    "MYSQL_USER": "overdue",
    "MYSQL_PASSWORD": "secret",
    "MYSQL_DATABASE": "company",
}


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = str(other.getsockname()[1])
        result = CliRunner().invoke(main, ["serve", "--port", port], env=SETTINGS)
    assert result.exit_code == 1
    assert result.output.count("\n") == 1
    assert "Address already in use" in result.output


def test_a_missing_setting_is_named() -> None:
    result = CliRunner().invoke(main, ["serve"], env=dict.fromkeys(SETTINGS))
    assert result.exit_code == 1
    assert "MYSQL_USER" in result.output
    assert "OVERDUE_SECRET" in result.output
    assert "Traceback" not in result.output


def test_a_secret_that_is_too_short_is_refused() -> None:
    result = CliRunner().invoke(main, ["serve"], env=SETTINGS | {"OVERDUE_SECRET": "corto"})
    assert result.exit_code == 1
    assert result.output == "Error: OVERDUE_SECRET must have at least 16 characters\n"


def test_without_a_database_the_service_runs_and_says_so(tmp_path: Path) -> None:
    with (
        socket.create_server(("127.0.0.1", 0)) as free,
        socket.create_server(("127.0.0.1", 0)) as no,
    ):
        port, nobody = str(free.getsockname()[1]), str(no.getsockname()[1])
    log = tmp_path / "log"
    popen = subprocess.Popen(
        [sys.executable, "-m", "fastagi_server", "serve", "--port", port,
         "--log-file", str(log)],
        cwd=ROOT, env=os.environ | SETTINGS | {"MYSQL_PORT": nobody},
    )  # fmt: skip
    try:
        assert wait_until(lambda: log.exists() and log.read_text().count("worker_started") == 2, 10)
        result = CliRunner().invoke(main, ["health", "--port", port])
        assert (result.exit_code, result.output) == (1, "database\n")
        call = Call(
            ("127.0.0.1", int(port)), "answered", attempt(1), (PROMPT, ""), prompts={PROMPT: 5}
        ).run()
        assert call.variables == {}  # the dialplan's fallback has the word
        popen.terminate()
        assert popen.wait(10) == 0
    finally:
        popen.kill()
        popen.wait(10)
    assert "Traceback" not in log.read_text()
