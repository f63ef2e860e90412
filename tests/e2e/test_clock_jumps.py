"""The clock of one of our processes is set by two hours in mid-run: nobody is called for it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from lab.chaos.load import find_overload
from lab.waiting import wait_until
from originator.run import HEARTBEAT_SECONDS
from tests.e2e.moved_clock import MovedClock, everything_moved
from tests.e2e.scene import Scene

TWO_HOURS = 7200.0
AHEAD, BACK = pytest.param(TWO_HOURS, id="ahead"), pytest.param(-TWO_HOURS, id="back")
SLOW_BACK = pytest.param(-TWO_HOURS, id="back", marks=pytest.mark.slow)
RATE, LINES = 3, 20
PACE = {
    "trunk": {"calls_per_second": RATE, "max_calls": LINES},
    "timing": {"ring_seconds": 5, "call_seconds": 15},
}
ON_THE_WIRE_SECONDS = 0.5
MIXED = ("60", "00", "62", "60", "01", "60") * 2
OUTCOMES = {"60": "busy", "62": "declined", "00": "delivered", "01": "delivered"}
TIMES = "SELECT claimed_at, dialing_at, answered_at, ended_at, closed_at FROM overdue_attempt"


@pytest.fixture
def clock(tmp_path: Path) -> MovedClock:
    return MovedClock(tmp_path)


def assert_times_are_sane(scene: Scene, began: datetime) -> None:
    """Every time lies within the test, and each call's in the order of a call."""
    slack, now = timedelta(seconds=1), datetime.now(UTC)
    for row in scene.rows(TIMES):
        times = [time.replace(tzinfo=UTC) for time in row.values() if time is not None]
        assert began - slack <= min(times), row
        assert max(times) <= now + slack, row
        assert all(b - a > -slack for a, b in pairwise(times)), row


@pytest.mark.parametrize("seconds", [AHEAD, SLOW_BACK])
def test_the_originators_clock_is_set_and_the_run_stops_calling(
    scene: Scene, clock: MovedClock, seconds: float
) -> None:
    """Two hours ahead those who were busy would be due again; and who knows whether it is night."""
    numbers = scene.customers(*MIXED)
    began = datetime.now(UTC)
    terms = {**PACE, "timing": {**PACE["timing"], "retry_wait_seconds": 20}}
    run = scene.start_run(clock.environment, **terms)
    scene.wait_for_ended(2)
    jumped = scene.now()
    clock.jump(seconds)
    assert run.exit_code() == 4
    assert run.summary()["stop_reason"] == "clock_jumped"
    assert max(c.invite_at.timestamp() for c in scene.calls()) < jumped + ON_THE_WIRE_SECONDS
    assert scene.rows("SELECT id FROM overdue_attempt WHERE is_open = 1") == []
    assert_times_are_sane(scene, began)
    assert scene.mismatches() == []

    assert find_overload(scene.calls(), RATE, LINES) == []

    scene.pass_ten_minutes()
    scene.run(**PACE)
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [AHEAD, BACK])
def test_the_fastagi_servers_clock_is_set_and_every_outcome_is_right(
    scene: Scene, clock: MovedClock, seconds: float
) -> None:
    scene.stop_fastagi()
    scene.start_fastagi(environment=clock.environment)
    try:
        numbers = scene.customers(*MIXED)
        began = datetime.now(UTC)
        run = scene.start_run(**PACE)
        scene.wait_for_answered(1)
        clock.jump(seconds)
        assert run.exit_code() == 0
    finally:
        scene.stop_fastagi()
        scene.start_fastagi()
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
    assert [c.number for c in scene.calls() if c.answer_at and not scene.heard_it_all(c)] == []
    assert scene.outcomes() == {number: OUTCOMES[number[-2:]] for number in numbers}
    assert_times_are_sane(scene, began)
    assert wait_until(lambda: scene.journal() == {}, 10)


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [AHEAD, BACK])
def test_the_databases_clock_is_set_and_two_runs_stop_calling(
    scene: Scene, clock: MovedClock, seconds: float
) -> None:
    """Two hours ahead each run looks dead to the other until its heart beats again."""
    with everything_moved(scene, clock):
        numbers = scene.customers(*MIXED * 5)
        began = datetime.now(UTC)
        runs = [scene.start_run(name=name, **PACE) for name in ("first", "second")]
        scene.wait_for_ended(4)
        jumped = scene.now()
        clock.jump(seconds)
        assert [run.exit_code() for run in runs] == [4, 4]
        assert {run.summary()["stop_reason"] for run in runs} == {"clocks_differ"}
        settle = scene.command("settle", scene.campaign(PACE))
        assert (settle.returncode, settle.stdout) == (1, "")
        assert "this host's clock and the database's differ by" in settle.stderr
    assert max(c.invite_at.timestamp() for c in scene.calls()) < jumped + 2 * HEARTBEAT_SECONDS
    # Slots are the database's: the second of the jump may hold one more (decisions/pacing.md).
    assert find_overload(scene.calls(), RATE + 1, LINES) == []
    assert len(scene.calls()) < len(numbers)
    assert max(Counter(call.number for call in scene.calls()).values()) == 1
    for row in scene.rows("SELECT claimed_at, dialing_at FROM overdue_attempt"):
        assert all(began < at.replace(tzinfo=UTC) < datetime.now(UTC) for at in row.values() if at)

    scene.pass_ten_minutes()
    scene.run(**PACE)
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
