import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.process import Process
from lab.waiting import wait_until


@pytest.fixture
def process(tmp_path: Path) -> Iterator[Process]:
    process = Process("sleeper", tmp_path / "run" / "sleeper.pid", tmp_path / "log")
    yield process
    process.signal(signal.SIGKILL)
    process.wait_ended()


def test_process_is_known_until_it_is_ended(process: Process) -> None:
    assert process.pid is None
    process.start(["sleep", "600"])
    assert process.pid is not None
    process.signal(signal.SIGTERM)
    process.wait_ended()
    assert process.pid is None
    assert not process.pid_file.exists()


def test_process_that_ignores_sigterm_is_ended_by_force(process: Process) -> None:
    process.start(["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 600; done"])
    assert wait_until(lambda: process.last_words() == "ready", 5)
    process.signal(signal.SIGTERM)
    process.wait_ended(seconds=0.2)
    assert process.pid is None


def test_pid_that_now_belongs_to_another_program_is_left_alone(process: Process) -> None:
    process.start(["sleep", "600"])
    recorded = process.pid_file.read_text()
    stat, boot_id = recorded.splitlines()
    fields = stat.split()
    fields[21] = str(int(fields[21]) - 1)
    process.pid_file.write_text(f"{' '.join(fields)}\n{boot_id}\n")
    assert process.pid is None
    process.pid_file.write_text(f"{stat}\nanother boot\n")
    assert process.pid is None
    process.pid_file.write_text(recorded)
    assert process.pid is not None


def test_damaged_pid_file_names_no_process(process: Process) -> None:
    process.pid_file.parent.mkdir()
    for damaged in ("", "1", "1 (init) S\nboot", "nonsense\nboot\n"):
        process.pid_file.write_text(damaged)
        assert process.pid is None


def test_last_words_of_a_program_that_fails(process: Process) -> None:
    process.start(["sh", "-c", "echo it went wrong >&2; exit 1"])
    assert wait_until(lambda: process.pid is None, 5)
    assert process.last_words() == "it went wrong"
