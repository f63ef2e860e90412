"""`calls_per_second: 0`: calls leave as soon as a line is free, and all other promises hold."""

from collections import Counter

from lab.waiting import wait_until
from tests.e2e.scene import Scene

LINES = 6
AT_ONCE = {"trunk": {"calls_per_second": 0, "max_calls": LINES}}


def called(scene: Scene) -> Counter[str]:
    return Counter(call.number for call in scene.calls())


def test_everybody_is_called_once_and_no_more_at_once_than_there_are_lines(scene: Scene) -> None:
    numbers = scene.customers(*["50", "50", "60"] * 6)
    summary = scene.run(**AT_ONCE)
    assert (summary["calls"], summary["stop_reason"]) == (18, "done")
    assert called(scene) == Counter(numbers)
    calls = scene.calls()
    up = [sum(one.invite_at <= call.invite_at < one.end_at for one in calls) for call in calls]
    assert max(up) == LINES
    assert scene.mismatches() == []


def test_a_run_that_is_killed_and_the_next_one_call_nobody_twice(scene: Scene) -> None:
    numbers = scene.customers(*["50"] * 16)
    run = scene.start_run(**AT_ONCE)
    assert wait_until(lambda: len(scene.calls()) + scene.calls_up() >= 8, 20)
    run.process.kill()
    run.process.wait()
    assert wait_until(lambda: scene.calls_up() == 0, 15)
    scene.pass_ten_minutes()
    scene.run(**AT_ONCE)
    times = called(scene)
    assert set(times.values()) == {1}
    assert set(times) <= set(numbers)
    # Whose commit was the last act of the first run was not called: nobody knows that, so he waits.
    assert len(times) >= len(numbers) - 2
    assert scene.mismatches() == []


def test_the_campaigns_day_is_not_exceeded(scene: Scene) -> None:
    scene.customers(*["60"] * 6)
    run = scene.start_run(**AT_ONCE, limits={"calls_per_day": 4})
    assert run.exit_code() == 4
    summary = run.summary()
    assert (summary["calls"], summary["stop_reason"]) == (4, "calls_per_day_reached")
    assert len(scene.calls()) == 4


def test_somebody_who_pays_or_is_listed_before_his_claim_is_not_called(scene: Scene) -> None:
    numbers = scene.customers(*["50"] * 8)
    run = scene.start_run(trunk={"calls_per_second": 0, "max_calls": 1})
    scene.wait_for_calls_up(1)
    scene.rows("UPDATE factura SET saldo = 0 WHERE `id-afiliado` = (SELECT MAX(id) FROM afiliados)")
    scene.ok("originator", "dnc", "add", numbers[-2], "--purpose", "all", "--source", "cliente")
    assert run.exit_code() == 0
    assert called(scene) == Counter(numbers[:-2])


def test_a_signal_ends_the_run_and_finishes_what_is_up(scene: Scene) -> None:
    scene.customers(*["50"] * 20)
    run = scene.start_run(trunk={"calls_per_second": 0, "max_calls": 2})
    scene.wait_for_calls_up(2)
    run.process.terminate()
    run.exit_code()
    assert run.summary()["stop_reason"] == "signal"
    assert scene.mismatches() == []
    assert {row["state"] for row in scene.rows("SELECT state FROM overdue_attempt")} <= {
        "ended", "released",
    }  # fmt: skip
