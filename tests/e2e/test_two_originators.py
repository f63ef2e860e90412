"""Several originators on one trunk: nobody twice, and its limits hold for all of them together."""

import signal
import subprocess
from collections import Counter
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

import pytest

from lab.calls import CarrierCall
from lab.waiting import wait_until
from tests.e2e.scene import Scene

SECOND = timedelta(seconds=1)
WINDOW = timedelta(seconds=0.9)
"""For the second of a trunk: a machine busy with other things delays single INVITEs by more than
the 50 ms that the pace leaves (on an idle one windows of exactly 1 s hold no more either)."""
RATE, LINES = 5, 8
TRUNK = {"trunk": {"calls_per_second": RATE, "max_calls": LINES}, "timing": {"ring_seconds": 4}}
MIXED = tuple(f"{place:02}" for place in range(20)) + ("60",) * 20 + ("61", "62", "70", "63") * 5
"""60 customers: 20 listen, 20 are busy, the others ring, decline, do not exist or are away."""


@dataclass(frozen=True)
class Load:
    """What the carrier saw of the trunk."""

    in_a_second: int
    """The most new calls that any sliding window holds."""
    at_once: int
    """The most calls at any moment."""


def load(calls: Sequence[CarrierCall]) -> Load:
    invites = sorted(call.invite_at for call in calls)
    ends = [call.end_at for call in calls]
    return Load(
        max(sum(first <= at <= first + WINDOW for at in invites) for first in invites),
        max(_up(calls, moment) for moment in invites + ends),
    )


def _up(calls: Sequence[CarrierCall], moment: datetime) -> int:
    return sum(call.invite_at <= moment < call.end_at for call in calls)


def start(scene: Scene, name: str, **changes: object) -> "subprocess.Popen[bytes]":
    """Another `originator run` with a log of its own."""
    return scene.start_run(name=name, **{**TRUNK, **changes}).process


def assert_within_the_limits(scene: Scene) -> None:
    seen = load(scene.calls())
    assert seen.in_a_second <= RATE
    assert seen.at_once <= LINES


def run_later(scene: Scene) -> None:
    """As ten minutes later: leases, grace times and pauses are over."""
    for sql in (
        "UPDATE overdue_run SET heartbeat_at = heartbeat_at - INTERVAL 10 MINUTE",
        "UPDATE overdue_attempt SET claimed_at = claimed_at - INTERVAL 10 MINUTE,"
        " deadline_at = deadline_at - INTERVAL 10 MINUTE, ended_at = ended_at - INTERVAL 10 MINUTE"
        " WHERE is_open = 1 OR outcome = 'not_placed'",
    ):
        scene.rows(sql)
    assert start(scene, "later").wait(120) == 0


@pytest.mark.slow
def test_started_at_the_same_time_they_share_the_work_and_the_trunk(scene: Scene) -> None:
    numbers = scene.customers(*MIXED)
    runs = [start(scene, name) for name in ("first", "second")]
    assert [run.wait(120) for run in runs] == [0, 0]
    assert wait_until(lambda: len(scene.calls()) == len(numbers), 10)
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
    assert_within_the_limits(scene)
    calls_by_run = scene.rows(
        "SELECT run_id, COUNT(*) AS calls FROM overdue_attempt WHERE state = 'ended' GROUP BY 1"
    )
    assert len(calls_by_run) == 2, "one of them made all the calls: nothing was shared"
    assert scene.mismatches() == []


@pytest.mark.slow
def test_one_killed_in_the_middle_and_a_third_started_breaks_no_limit(scene: Scene) -> None:
    numbers = scene.customers(*MIXED)
    runs = [start(scene, name) for name in ("first", "second")]
    scene.wait_for_calls_up(LINES // 2)
    scene.wait_for_ended(len(numbers) // 5)
    runs[0].send_signal(signal.SIGKILL)
    runs[0].wait()
    third = start(scene, "third")
    assert [run.wait(120) for run in (runs[1], third)] == [0, 0]
    assert wait_until(lambda: scene.calls_up() == 0, 20)
    # What was committed and not sent is settled by the first of these, and called by the second.
    for _ in range(2):
        run_later(scene)
    assert wait_until(lambda: len(scene.calls()) == len(numbers), 10)
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
    assert_within_the_limits(scene)
    assert scene.rows("SELECT id FROM overdue_attempt WHERE is_open = 1") == []


@pytest.mark.parametrize("rate", [10, 20])
def test_two_at_a_high_pace_keep_to_it_together(scene: Scene, rate: int) -> None:
    numbers = scene.customers(*("60",) * 60)
    trunk = {"calls_per_second": rate, "max_calls": 40}
    runs = [start(scene, name, trunk=trunk) for name in ("first", "second")]
    assert [run.wait(60) for run in runs] == [0, 0]
    calls = scene.calls()
    assert Counter(call.number for call in calls) == Counter(numbers)
    assert load(calls).in_a_second <= ceil(rate)
    lasted = max(call.invite_at for call in calls) - min(call.invite_at for call in calls)
    # Slower than half the pace would prove nothing about it.
    assert lasted < 2 * SECOND * len(numbers) / rate


def test_the_last_line_is_not_taken_twice(scene: Scene) -> None:
    numbers = scene.customers("00", "01", "60")
    trunk = {"calls_per_second": 20, "max_calls": 1}
    runs = [start(scene, name, trunk=trunk) for name in ("first", "second")]
    assert [run.wait(60) for run in runs] == [0, 0]
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
    assert load(scene.calls()).at_once == 1


def test_a_trunk_that_somebody_locks_is_waited_for(scene: Scene) -> None:
    numbers = scene.customers(*("60",) * 12)
    run = scene.start_run(trunk={"calls_per_second": 2})
    scene.wait_for_ended(2)
    with closing(scene.lab.database.connect()) as holder:
        holder.cursor().execute("SELECT * FROM overdue_trunk FOR UPDATE")
        assert wait_until(lambda: "Lock wait timeout" in run.log.read_text(), 15)
        made = len(scene.calls())
        assert made < len(numbers)
    assert run.exit_code() == 0
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
    assert scene.mismatches() == []
    # The claims were kept: nobody had to wait for the next run.
    assert scene.rows("SELECT id FROM overdue_attempt WHERE state <> 'ended'") == []


def test_a_process_that_slept_through_its_slot_takes_another(scene: Scene) -> None:
    """What it had committed would leave at once when it goes on, beside the calls of the other."""
    numbers = scene.customers(*("60",) * 40)
    runs = [start(scene, name) for name in ("first", "second")]
    for turn in range(4):
        scene.wait_for_ended(4 + 4 * turn)
        runs[0].send_signal(signal.SIGSTOP)
        scene.wait_for_ended(8 + 4 * turn)
        runs[0].send_signal(signal.SIGCONT)
    assert [run.wait(60) for run in runs] == [0, 0]
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
    assert load(scene.calls()).in_a_second <= RATE
