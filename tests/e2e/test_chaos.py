"""What ``script/chaos`` does: faults on a running campaign, and a judge that finds no breach."""

import signal
from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from lab import Lab
from lab.chaos.parts import Parts, agi_through_proxy
from lab.chaos.plan import KILLED_AT, Action, Fault, Plan, Point, draw
from lab.chaos.run import Result, one_run
from tests.e2e.scene import Scene

pytestmark = pytest.mark.slow
SEED = 3
NUMBERS = draw(SEED, 0).numbers


@pytest.fixture
def chaos_lab(scene: Scene, lab: Lab) -> Iterator[Lab]:
    with agi_through_proxy(lab):
        yield lab


def assert_promises_kept(result: Result) -> None:
    assert result.breaches == [], result.histories
    assert result.counted
    assert result.calls > result.customers / 2


@pytest.mark.parametrize("point", Point, ids=lambda point: point.name.lower())
def test_everything_killed_in_turn_at_one_point(chaos_lab: Lab, point: Point) -> None:
    faults = tuple(
        Fault(Action.KILL, part, None, point, nth, passes, seconds=1)
        for part, nth, passes in zip(KILLED_AT[point], count(3, 4), (False, True) * 3, strict=False)
    )
    result = one_run(chaos_lab, Plan(NUMBERS, faults), f"point-{point.name.lower()}")
    assert_promises_kept(result)
    assert result.not_reached == []


def test_storm_goes_on_while_the_database_is_suspended(chaos_lab: Lab, tmp_path: Path) -> None:
    parts = Parts(chaos_lab, tmp_path, tmp_path / "campaign.yaml", lambda _: True)
    chaos_lab.database.process.signal(signal.SIGSTOP)
    try:
        assert not parts.age_runs()
        assert parts.open_attempts() is None
    finally:
        chaos_lab.database.process.signal(signal.SIGCONT)
        parts.close()


@pytest.mark.parametrize("run", range(5))
def test_random_faults(chaos_lab: Lab, run: int) -> None:
    assert_promises_kept(one_run(chaos_lab, draw(SEED, run), f"{SEED}-{run}"))
