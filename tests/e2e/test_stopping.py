"""Everything that can end a run early: signals, kill -9, a cut AMI link; nobody is called twice."""

import re
import signal
import time
from collections import Counter

import pytest

from lab.ports import PBX_AMI
from lab.waiting import wait_until
from tests.e2e.scene import BackgroundRun, Scene
from tests.e2e.tcp_proxy import TcpProxy

SLOW_PACE = {"trunk": {"calls_per_second": 2}, "timing": {"ring_seconds": 5, "call_seconds": 15}}
MANY = tuple(f"{place:02}" for place in range(8))
AT_ONCE_SECONDS = 2
ON_THE_WIRE_SECONDS = 0.5
"""What was being written when the signal came may still arrive."""


def start_and_wait_for_two(scene: Scene) -> BackgroundRun:
    run = scene.start_run(**SLOW_PACE)
    scene.wait_for_answered(2)
    return run


def run_later(scene: Scene) -> None:
    """As ten minutes later: the lease, the grace time and the pause after a failure are over."""
    scene.pass_ten_minutes()
    scene.run()


def assert_everybody_called_once(scene: Scene, numbers: list[str]) -> None:
    assert wait_until(lambda: scene.calls_up() == 0, 15)
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
    called = [attempt for attempt in scene.attempts() if attempt.outcome != "not_placed"]
    assert {attempt.number: attempt.outcome for attempt in called} == dict.fromkeys(
        numbers, "delivered"
    )
    assert len(called) == len(numbers)
    assert scene.rows("SELECT id FROM overdue_attempt WHERE is_open = 1") == []
    assert wait_until(lambda: scene.journal() == {}, 10)


def test_first_signal_no_new_calls_and_running_ones_are_finished(scene: Scene) -> None:
    numbers = scene.customers(*MANY)
    run = start_and_wait_for_two(scene)
    run.process.send_signal(signal.SIGTERM)
    signalled = scene.now()
    assert run.exit_code() == 4
    summary = run.summary()
    assert summary["stop_reason"] == "signal"
    made = scene.calls()
    assert 2 <= len(made) < len(numbers)
    assert max(c.invite_at.timestamp() for c in made) < signalled + ON_THE_WIRE_SECONDS
    # At most one was committed and had its turn in the next moment.
    assert summary["outcomes"].pop("not_placed", 0) <= 1
    assert summary["outcomes"] == {"delivered": len(made)}
    assert scene.rows("SELECT id FROM overdue_attempt WHERE is_open = 1") == []
    assert scene.mismatches() == []

    run_later(scene)
    assert_everybody_called_once(scene, numbers)


@pytest.mark.parametrize("database", ["answers", "hangs"])
@pytest.mark.slow
def test_second_signal_ends_at_once_and_the_next_run_settles(scene: Scene, database: str) -> None:
    numbers = scene.customers(*MANY)
    run = start_and_wait_for_two(scene)
    if database == "hangs":
        scene.lab.database.process.signal(signal.SIGSTOP)
    try:
        run.process.send_signal(signal.SIGINT)
        assert wait_until(lambda: "no new calls" in run.log.read_text(), 5)
        assert run.process.poll() is None
        run.process.send_signal(signal.SIGINT)
        began = time.monotonic()
        assert run.exit_code() == 130
        assert time.monotonic() - began < AT_ONCE_SECONDS
    finally:
        scene.lab.database.process.signal(signal.SIGCONT)
    assert run.output.read_text() == (
        "originator: ended at once; the next run settles what is open\n"
    )
    assert "Traceback" not in run.log.read_text()
    (row,) = scene.rows("SELECT stop_reason FROM overdue_run")
    assert row["stop_reason"] == ("second_signal" if database == "answers" else None)
    assert wait_until(lambda: scene.calls_up() == 0, 15)
    run_later(scene)
    run_later(scene)
    assert_everybody_called_once(scene, numbers)


@pytest.mark.slow
def test_killed_with_its_fastagi_server_nobody_is_called_twice(scene: Scene) -> None:
    """What the calls came to is only in the PBX's journal when the next run begins."""
    numbers = scene.customers(*MANY)
    run = start_and_wait_for_two(scene)
    run.process.kill()
    run.process.wait()
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()
    assert wait_until(lambda: scene.calls_up() == 0, 15)
    made = [call.number for call in scene.calls()]
    assert len(made) >= 2
    scene.start_fastagi()

    again = scene.start_run()
    assert again.exit_code() == 0
    waits = r"\d attempts of run \w{26} are open \(.*\); .*settled from \d\d:\d\d:\d\d UTC"
    assert re.search(waits, again.log.read_text())
    # The lease has not run out: nobody knows yet that the run is gone.
    assert Counter(call.number for call in scene.calls() if call.number in made) == Counter(made)
    run_later(scene)
    run_later(scene)
    assert_everybody_called_once(scene, numbers)


def test_fastagi_server_told_to_stop_finishes_the_running_call(scene: Scene) -> None:
    numbers = scene.customers("00", "61")
    run = scene.start_run(timing={"ring_seconds": 5})
    scene.wait_for_answered(1)
    scene.lab.fastagi.signal(signal.SIGTERM)
    try:
        assert run.exit_code() == 0
        assert wait_until(lambda: scene.lab.fastagi.pid is None, 10)
    finally:
        scene.lab.fastagi.wait_ended()
        scene.start_fastagi()
    assert scene.outcomes() == dict(zip(numbers, ("delivered", "no_answer"), strict=True))
    assert scene.mismatches() == []
    (row,) = scene.rows("SELECT played_by FROM overdue_attempt WHERE outcome = 'delivered'")
    assert row["played_by"] == "agi"
    # The end of the call that it finished it has told with its last word.
    assert len(scene.journal()) == 1
    scene.run()
    assert wait_until(lambda: scene.journal() == {}, 10)
    assert len(scene.calls()) == 2


def test_ami_link_cut_in_mid_run_calls_go_on_and_none_is_made_twice(scene: Scene) -> None:
    numbers = scene.customers(*MANY)
    with TcpProxy((PBX_AMI.host, PBX_AMI.number)) as proxy:
        run = scene.start_run({"ASTERISK_PORT": str(proxy.port)}, **SLOW_PACE)
        scene.wait_for_answered(2)
        proxy.cut()
        cut = scene.now()
        assert wait_until(lambda: scene.calls_up() == 0, 15)
        made = scene.calls()
        assert 2 <= len(made) < len(numbers)
        assert max(c.invite_at.timestamp() for c in made) < cut + ON_THE_WIRE_SECONDS
        assert [call.number for call in made if not scene.heard_it_all(call)] == []
        proxy.mend()
        assert run.exit_code() == 0
    # The one whose turn came while the link was just being cut was not sent: the next run's.
    outcomes = run.summary()["outcomes"]
    not_sent = outcomes.pop("not_placed", 0)
    assert not_sent <= 1
    assert outcomes == {"delivered": len(numbers) - not_sent}
    run_later(scene)
    assert_everybody_called_once(scene, numbers)
    assert scene.mismatches() == []
