"""The database locked, stopped or killed while calls are up: lines are let go in time."""

import signal
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pymysql
import pytest

from lab.calls import CarrierCall
from lab.waiting import wait_until
from tests.e2e.scene import PROMPT_SECONDS, Scene

LATE_SECONDS = 1.5
RING_SECONDS = 5

COMMITTED_AHEAD = 4
"""Calls whose row was committed before the database died, and that wait for their turn."""

LOCKS = {
    "attempt": "SELECT id FROM overdue_attempt FOR UPDATE",
    "customer": "SELECT id FROM afiliados FOR UPDATE",
}


@pytest.fixture
def holder(scene: Scene) -> Iterator["pymysql.Connection[pymysql.cursors.Cursor]"]:
    """A connection of somebody else, who holds rows and does not let go."""
    with closing(scene.lab.database.connect()) as connection:
        yield connection
        connection.rollback()


def hold(holder: "pymysql.Connection[pymysql.cursors.Cursor]", rows: str) -> None:
    with holder.cursor() as cursor:
        cursor.execute(LOCKS[rows])
        assert cursor.rowcount > 0


def late(call: CarrierCall) -> float:
    """Seconds by which the PBX let the line go too late."""
    if call.answer_at is not None:
        due = call.answer_at + timedelta(seconds=PROMPT_SECONDS)
    else:
        due = call.invite_at + timedelta(seconds=RING_SECONDS)
    return (call.end_at - due).total_seconds()


@pytest.mark.parametrize("rows", LOCKS)
def test_locked_row_delays_bye_and_cancel_by_no_more_than_allowed(
    scene: Scene, holder: "pymysql.Connection[pymysql.cursors.Cursor]", rows: str
) -> None:
    numbers = scene.customers("00", "61")
    run = scene.start_run(timing={"ring_seconds": RING_SECONDS})
    scene.wait_for_calls_up(2)
    hold(holder, rows)
    assert wait_until(lambda: len(scene.calls()) == 2, 20)
    calls = {call.number: call for call in scene.calls()}
    assert scene.heard_it_all(calls[numbers[0]])
    assert [number for number, call in calls.items() if late(call) > LATE_SECONDS] == []
    outcomes = scene.rows("SELECT outcome FROM overdue_attempt")
    assert [row["outcome"] for row in outcomes] == [None, None]
    assert len(scene.journal()) == 2

    holder.rollback()
    assert run.exit_code() == 0
    assert scene.outcomes() == dict(zip(numbers, ("delivered", "no_answer"), strict=True))
    assert spent(scene) == [1, 1]
    assert wait_until(lambda: scene.journal() == {}, 10)
    assert spent(scene) == [1, 1]
    assert_one_call_each(scene, numbers)


def test_database_that_hangs_in_mid_call_gets_everything_when_it_goes_on(scene: Scene) -> None:
    numbers = scene.customers("00", "01", "61")
    run = scene.start_run(timing={"ring_seconds": RING_SECONDS})
    scene.wait_for_answered(2)
    scene.lab.database.process.signal(signal.SIGSTOP)
    try:
        assert wait_until(lambda: len(scene.calls()) == 3, 20)
    finally:
        scene.lab.database.process.signal(signal.SIGCONT)
    assert [call.number for call in scene.calls() if late(call) > LATE_SECONDS] == []
    assert [c.number for c in scene.calls() if c.answer_at and not scene.heard_it_all(c)] == []
    assert run.exit_code() == 0
    expected = ("delivered", "delivered", "no_answer")
    assert scene.outcomes() == dict(zip(numbers, expected, strict=True))
    assert spent(scene) == [1, 1, 1]
    assert wait_until(lambda: scene.journal() == {}, 10)
    assert_one_call_each(scene, numbers)


def test_database_killed_in_mid_call_and_started_again(scene: Scene) -> None:
    """What was not yet dialled waits for it; nothing is dialled that could not be recorded."""
    numbers = scene.customers("60", *(f"{place:02}" for place in range(13)))
    run = scene.start_run(trunk={"calls_per_second": 2})
    scene.wait_for_answered(2)
    scene.lab.database.process.signal(signal.SIGKILL)
    scene.lab.database.process.wait_ended()
    dialled = len(scene.calls()) + scene.calls_up()
    try:
        assert wait_until(lambda: scene.calls_up() == 0, 20)
        recorded = dialled + COMMITTED_AHEAD
        assert len(scene.calls()) <= recorded < len(numbers)
        assert [c.number for c in scene.calls() if c.answer_at and not scene.heard_it_all(c)] == []
    finally:
        scene.restart_database()
    assert run.exit_code() == 0
    assert run.summary()["calls"] == len(scene.calls())
    assert scene.rows("SELECT id FROM overdue_attempt WHERE is_open = 1") == []
    assert wait_until(lambda: scene.journal() == {}, 10)
    assert scene.outcomes() == {
        number: "busy" if number.endswith("60") else "delivered" for number in numbers
    }
    assert spent(scene) == [1] * len(numbers)
    assert_one_call_each(scene, numbers)


def spent(scene: Scene) -> list[int]:
    rows = scene.rows("SELECT outbound_call_attempts n FROM afiliados ORDER BY id")
    return [row["n"] for row in rows]


def assert_one_call_each(scene: Scene, numbers: list[str]) -> None:
    """The line may have been held a little longer than the message lasted, the records agree."""
    assert sorted(call.number for call in scene.calls()) == sorted(numbers)
    attempts = scene.attempts()
    assert sorted(attempt.number for attempt in attempts) == sorted(numbers)
    heard = [attempt.heard_seconds for attempt in attempts if attempt.answered]
    assert heard == pytest.approx([PROMPT_SECONDS] * len(heard), abs=0.3)
