"""What a service manager hears of the real processes: ready, alive, stopping."""

import contextlib
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]


class Manager:
    """The socket that systemd listens on, and the service that was given it."""

    def __init__(self, channel: socket.socket, service: "subprocess.Popen[bytes]") -> None:
        self._channel = channel
        self.service = service

    def hears(self) -> str:
        return self._channel.recv(4096).decode()

    def hears_until(self, word: str) -> list[str]:
        heard = [self.hears()]
        while heard[-1] != word:
            heard.append(self.hears())
        return heard

    def hears_until_silence(self, seconds: float) -> list[str]:
        """All that is said until nothing comes for so long."""
        self._channel.settimeout(seconds)
        heard = []
        with contextlib.suppress(TimeoutError):
            while True:
                heard.append(self.hears())
        return heard


@contextmanager
def managed(directory: Path, name: str, *flags: str) -> Iterator[Manager]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(name.replace("@", "\0", 1))
        channel.settimeout(10)
        service = subprocess.Popen(
            [sys.executable, "-m", "tests.fastagi_process", port, str(directory / "records"),
             *flags],
            cwd=ROOT, env={**os.environ, "NOTIFY_SOCKET": name},
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        try:
            yield Manager(channel, service)
        finally:
            service.kill()
            service.wait()


def test_it_is_ready_when_its_workers_serve_then_alive_and_last_stopping(tmp_path: Path) -> None:
    with managed(tmp_path, str(tmp_path / "notify")) as manager:
        assert "READY=1" not in manager.hears_until("READY=1")[:-1]
        assert manager.hears_until("WATCHDOG=1")[-1] == "WATCHDOG=1"
        manager.service.send_signal(signal.SIGTERM)
        assert set(manager.hears_until("STOPPING=1")[:-1]) <= {"WATCHDOG=1"}
        assert manager.service.wait(10) == 0


def test_an_abstract_socket_is_one_too(tmp_path: Path) -> None:
    with managed(tmp_path, f"@overdue-{os.getpid()}") as manager:
        manager.hears_until("READY=1")


def test_it_is_never_ready_when_no_worker_can_start(tmp_path: Path) -> None:
    with managed(tmp_path, str(tmp_path / "notify"), "crash") as manager:
        assert {manager.hears() for _ in range(3)} == {"WATCHDOG=1"}


def test_a_supervisor_that_hangs_is_not_alive(tmp_path: Path) -> None:
    with managed(tmp_path, str(tmp_path / "notify")) as manager:
        manager.hears_until("READY=1")
        manager.service.send_signal(signal.SIGSTOP)
        assert len(manager.hears_until_silence(2.5)) <= 2
