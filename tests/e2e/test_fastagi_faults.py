"""The FastAGI server killed, suspended, away or full: the customer hears the message."""

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.calls import CarrierCall
from lab.waiting import wait_until
from tests.e2e.scene import PROMPT_SECONDS, Scene

FREE_WITHIN_SECONDS = 10


@pytest.fixture(autouse=True)
def server_of_its_own(scene: Scene) -> Iterator[None]:
    """Leave the session a server as it found it."""
    yield
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()
    scene.start_fastagi()


def kill_server(scene: Scene) -> None:
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()


def assert_all_delivered(scene: Scene, numbers: list[str]) -> None:
    """One call for each, the whole message heard at the carrier, and so in the database."""
    calls = scene.calls()
    assert sorted(call.number for call in calls) == sorted(numbers)
    assert [call.number for call in calls if not scene.heard_it_all(call)] == []
    assert scene.outcomes() == dict.fromkeys(numbers, "delivered")
    rows = scene.rows("SELECT outbound_call_is_sent s, outbound_call_attempts a FROM afiliados")
    assert [(row["s"], row["a"]) for row in rows] == [(1, 1)] * len(numbers)


def test_killed_in_mid_message_the_customer_hears_it_anew_and_it_is_recorded(scene: Scene) -> None:
    numbers = scene.customers("00", "01", "02")
    run = scene.start_run()
    scene.wait_for_answered(3)
    kill_server(scene)
    assert run.exit_code() == 0
    assert run.summary()["outcomes"] == {"delivered": 3}
    assert_all_delivered(scene, numbers)
    rows = scene.rows("SELECT heard_seconds h, heard_to_end e, played_by p FROM overdue_attempt")
    assert [(row["e"], row["p"]) for row in rows] == [(1, "dialplan")] * 3
    assert [float(row["h"]) for row in rows] == pytest.approx([PROMPT_SECONDS] * 3, abs=0.3)
    assert len(scene.journal()) == 3

    scene.start_fastagi()
    scene.run()
    assert wait_until(lambda: scene.journal() == {}, 10)
    assert len(scene.calls()) == 3
    assert_all_delivered(scene, numbers)


def test_away_before_the_answer_the_dialplan_plays_and_the_run_settles(scene: Scene) -> None:
    numbers = scene.customers("61", "00", "01", "60")
    run = scene.start_run(trunk={"calls_per_second": 2}, timing={"ring_seconds": 5})
    scene.wait_for_calls_up(2)
    kill_server(scene)
    assert run.exit_code() == 0
    expected = dict(zip(numbers, ("no_answer", "delivered", "delivered", "busy"), strict=True))
    assert scene.outcomes() == expected
    assert scene.mismatches() == []
    answered = [call for call in scene.calls() if call.answer_at]
    assert [scene.heard_it_all(call) for call in answered] == [True, True]
    # On a slow machine the busy one may still have been recorded by the server itself.
    assert len(scene.journal()) >= 3

    scene.start_fastagi()
    scene.run()
    assert wait_until(lambda: scene.journal() == {}, 10)
    assert scene.outcomes() == expected
    assert len(scene.calls()) == 4


def test_a_worker_that_dies_touches_only_its_own_calls(scene: Scene) -> None:
    scene.stop_fastagi()  # the threads of earlier sessions end with it
    scene.start_fastagi()
    # So many that both workers take some: which one accepts a connection is chance.
    numbers = scene.customers(*(f"{place:02}" for place in range(14)))
    run = scene.start_run()
    scene.wait_for_answered(len(numbers))
    sessions = {pid: threads(pid) for pid in scene.fastagi_workers()}
    os.kill(min(sessions, key=lambda pid: sessions[pid]), signal.SIGKILL)
    assert run.exit_code() == 0
    assert_all_delivered(scene, numbers)
    rows = scene.rows("SELECT number, played_by FROM overdue_attempt")
    undisturbed = {row["number"] for row in rows if row["played_by"] == "agi"}
    assert 0 < len(undisturbed) < len(numbers)
    for call in scene.calls():
        if f"57{call.number}" in undisturbed:
            assert call.answered_seconds == pytest.approx(PROMPT_SECONDS, abs=0.4)


def threads(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/task").iterdir()))


def free_after(call: CarrierCall, since: float) -> float:
    """Seconds from a moment until the line was free at the carrier."""
    return call.end_at.timestamp() - since


@pytest.mark.parametrize("moment", ["in mid-prompt", "before the answer"])
def test_suspended_workers_are_replaced_and_lines_are_free_in_time(
    scene: Scene, moment: str
) -> None:
    numbers = scene.customers("00", "01")
    workers = scene.fastagi_workers()
    run = scene.start_run()
    if moment == "in mid-prompt":
        scene.wait_for_answered(2)
    else:
        scene.wait_for_calls_up(2)
    for pid in workers:
        os.kill(pid, signal.SIGSTOP)
    suspended = scene.now()
    assert run.exit_code() == 0
    assert_all_delivered(scene, numbers)
    assert max(free_after(call, suspended) for call in scene.calls()) < FREE_WITHIN_SECONDS
    assert wait_until(lambda: len(scene.fastagi_workers()) == len(workers), 10)
    assert set(workers).isdisjoint(scene.fastagi_workers())


def test_full_server_leaves_the_rest_to_the_dialplan(scene: Scene) -> None:
    scene.stop_fastagi()
    scene.start_fastagi("--workers", "1", "--max-sessions", "1")
    numbers = scene.customers("00", "01", "02", "03")
    summary = scene.run()
    assert summary["outcomes"] == {"delivered": 4}
    assert_all_delivered(scene, numbers)
    assert scene.mismatches() == []
    players = scene.rows("SELECT played_by, COUNT(*) n FROM overdue_attempt GROUP BY played_by")
    assert {row["played_by"]: row["n"] for row in players} == {"agi": 1, "dialplan": 3}
