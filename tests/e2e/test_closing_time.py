"""The edges of the legal hours, with the clock of all our programs moved there."""

import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lab.demo import ZONE
from lab.waiting import wait_until
from tests.e2e.moved_clock import MovedClock, everything_moved
from tests.e2e.scene import PROMPT, BackgroundRun, Scene

MONDAY = datetime(2026, 11, 23, tzinfo=ZONE)
OPENING = MONDAY.replace(hour=7)
LAST_START, CLOSING = MONDAY.replace(hour=18, minute=58), MONDAY.replace(hour=19)
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
LAW = {"law": "co-ley-2300", "trunk": {"calls_per_second": 2, "max_calls": 40}}


@pytest.fixture
def clock(scene: Scene, tmp_path: Path) -> Iterator[MovedClock]:
    """The clock of everything that is ours; the test sets it."""
    clock = MovedClock(tmp_path)
    with everything_moved(scene, clock):
        yield clock


def invites(scene: Scene, clock: MovedClock) -> list[datetime]:
    """When each call reached the carrier, by the moved clock."""
    return sorted(call.invite_at + clock.ahead for call in scene.calls())


def test_a_call_at_18_57_59_and_none_at_18_58_00(scene: Scene, clock: MovedClock) -> None:
    """Ring time 30 s and call limit 90 s; the run that crosses the last start ends by itself."""
    scene.customers(*["60"] * 60, cut_day=str(MONDAY.day))
    terms = {**LAW, "timing": {"ring_seconds": 30, "call_seconds": 90}}
    clock.set(LAST_START - 9 * SECOND)
    run = scene.start_run(clock.environment, **terms)
    assert run.exit_code() == 4
    assert run.summary()["stop_reason"] == "outside_hours"
    made = invites(scene, clock)
    assert LAST_START - SECOND < made[-1] < LAST_START
    assert 4 < len(made) < 60
    report = scene.ok("originator", "report")
    assert "the last start of the day had come" in report
    assert "había llegado el último inicio del día" in report

    again = scene.command("run", scene.campaign(terms), environment=clock.environment)
    assert again.returncode == 3
    assert "(after the last start of the day); the next window opens Tuesday 2026" in again.stderr
    assert len(scene.calls()) == len(made)


def open_sockets(pid: int) -> list[str]:
    links = [str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir()]
    return [link for link in links if link.startswith("socket:")]


def waits(run: BackgroundRun) -> bool:
    return "waiting for it" in run.output.read_text()


@pytest.mark.slow
def test_run_wait_calls_from_the_opening_on(scene: Scene, clock: MovedClock) -> None:
    scene.customers("60", "60", cut_day=str(MONDAY.day))
    clock.set(OPENING - 5 * SECOND)
    run = scene.start_run(clock.environment, "--wait", **LAW)
    assert wait_until(lambda: waits(run), 8)
    assert open_sockets(run.process.pid) == []
    assert run.exit_code() == 0
    made = invites(scene, clock)
    assert len(made) == 2
    assert OPENING < made[0] < OPENING + 10 * SECOND


def test_run_wait_is_stopped_by_a_signal_and_calls_nobody(scene: Scene, tmp_path: Path) -> None:
    scene.customers("00")
    clock = MovedClock(tmp_path)
    clock.set(OPENING - 8 * HOUR)
    run = scene.start_run(clock.environment, "--wait", **LAW)
    assert wait_until(lambda: waits(run), 8)
    run.process.send_signal(signal.SIGTERM)
    assert run.exit_code(5) == 4
    said = run.output.read_text()
    assert "no call may start now (Sunday); the next window opens Monday 2026-11-23 07:00" in said
    assert said.endswith("originator: stopped while it waited; nobody was called\n")
    assert scene.rows("SELECT * FROM overdue_run") == []


@pytest.mark.slow
def test_nothing_is_alive_at_closing(scene: Scene, clock: MovedClock) -> None:
    """Calls that ring almost to the end of their ring time, and then listen to the call limit."""
    sounds = scene.directory / "sounds" / "es_MX"
    sounds.mkdir(parents=True)
    short = scene.lab.state / "sounds" / f"{PROMPT}.ulaw"
    (sounds / "larga.ulaw").write_bytes(short.read_bytes() * 40)
    scene.lab.pbx.install_sounds(sounds.parent)
    scene.customers(*["97"] * 30, cut_day=str(MONDAY.day))
    clock.set(LAST_START - 9 * SECOND)
    timing = {"ring_seconds": 13, "call_seconds": 107}
    run = scene.start_run(clock.environment, **LAW, timing=timing, prompt="es_MX/larga")
    assert run.exit_code(180) == 4
    assert run.summary()["stop_reason"] == "outside_hours"
    assert wait_until(lambda: scene.calls_up() == 0, 15)
    assert LAST_START - SECOND < invites(scene, clock)[-1] < LAST_START
    ends = sorted(call.end_at + clock.ahead for call in scene.calls())
    assert CLOSING - 5 * SECOND < ends[-1] < CLOSING
    assert {attempt.outcome for attempt in scene.attempts()} <= {"delivered", "not_placed"}
