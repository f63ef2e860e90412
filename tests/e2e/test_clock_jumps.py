"""The clock of one of our processes is set by two hours in mid-run: nobody is called for it."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from lab.waiting import wait_until
from tests.e2e.moved_clock import MovedClock
from tests.e2e.scene import Scene

TWO_HOURS = 7200.0
EITHER_WAY = pytest.mark.parametrize("seconds", [TWO_HOURS, -TWO_HOURS], ids=["ahead", "back"])
PACE = {"trunk": {"calls_per_second": 4}, "timing": {"ring_seconds": 5, "call_seconds": 15}}
ON_THE_WIRE_SECONDS = 0.5
MIXED = ("60", "00", "62", "60", "01", "60") * 4
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


@EITHER_WAY
def test_the_originators_clock_is_set_and_the_run_stops_calling(
    scene: Scene, clock: MovedClock, seconds: float
) -> None:
    """Two hours ahead those who were busy would be due again; and who knows whether it is night."""
    numbers = scene.customers(*MIXED)
    began = datetime.now(UTC)
    terms = {**PACE, "timing": {**PACE["timing"], "retry_wait_seconds": 20}}
    run = scene.start_run(clock.environment, **terms)
    scene.wait_for_ended(4)
    jumped = scene.now()
    clock.jump(seconds)
    assert run.exit_code() == 4
    assert run.summary()["stop_reason"] == "clock_jumped"
    assert max(c.invite_at.timestamp() for c in scene.calls()) < jumped + ON_THE_WIRE_SECONDS
    assert scene.rows("SELECT id FROM overdue_attempt WHERE is_open = 1") == []
    assert_times_are_sane(scene, began)
    assert scene.mismatches() == []

    scene.pass_ten_minutes()
    scene.run(**PACE)
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)


@EITHER_WAY
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
    assert_times_are_sane(scene, began)
    assert scene.mismatches() == []
    assert wait_until(lambda: scene.journal() == {}, 10)
