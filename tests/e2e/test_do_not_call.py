"""The do-not-call list, from the commands to the carrier's record."""

import json

from tests.e2e.scene import Scene

BUSY = "60"


def test_a_number_added_before_or_during_the_run_is_never_dialled(scene: Scene) -> None:
    before, *others, during = scene.customers(BUSY, BUSY, BUSY, "00")
    added = scene.ok("originator", "dnc", "add", before, "--purpose", "all", "--source", "cliente")
    assert added == "57300***0060 is on the list now\n"
    plan = json.loads(scene.ok("originator", "plan", scene.campaign(), "--json"))
    assert plan["skipped"] == {"do_not_call": 1}
    # One call in four seconds: the last customer was selected long before he is added.
    run = scene.start_run(trunks=[{"calls_per_second": 0.25, "max_calls": 1}])
    scene.wait_for_ended(1)
    scene.ok("originator", "dnc", "add", during, "--purpose", "collection", "--source", "oficina")
    assert run.exit_code() == 0
    assert sorted(call.number for call in scene.calls()) == sorted(others)
    assert run.summary()["skipped"] == {"do_not_call": 2}
    assert scene.rows("SELECT id FROM overdue_attempt WHERE number LIKE %s", f"%{during}") == []

    test_call = scene.command("call", before, "--campaign", scene.campaign())
    assert test_call.returncode == 1
    assert "not called: the number is on the do-not-call list" in test_call.stdout
    assert len(scene.calls()) == 2
