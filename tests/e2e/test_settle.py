"""`originator settle` and `status`: what was left open, and why it becomes what it becomes."""

import json
from collections.abc import Iterator

import pytest

from lab.waiting import wait_until
from tests.e2e.scene import Row, Scene

PACE = {"trunk": {"calls_per_second": 5}, "timing": {"ring_seconds": 40, "call_seconds": 15}}


@pytest.fixture(autouse=True)
def aside_is_empty(scene: Scene) -> Iterator[None]:
    yield
    scene.lab.pbx.cli("database deltree overdue-aside")


def killed_run(scene: Scene, *endings: str) -> list[str]:
    """A run that was killed with these customers' calls up, and without the FastAGI server."""
    numbers = scene.customers(*endings)
    run = scene.start_run(**PACE)
    scene.wait_for_calls_up(len(endings))
    scene.stop_fastagi()
    run.process.kill()
    run.process.wait()
    return numbers


def settle(scene: Scene, exit_code: int) -> Row:
    done = scene.command("settle", scene.campaign(), "--json")
    assert done.returncode == exit_code, done.stderr + done.stdout
    result: Row = json.loads(done.stdout)
    return result


def test_nothing_is_open(scene: Scene) -> None:
    done = scene.command("settle", scene.campaign())
    assert (done.returncode, done.stdout) == (0, "0 attempts settled, 0 left open\n")


def test_a_killed_run_is_settled_without_fastagi_and_nobody_is_called(scene: Scene) -> None:
    killed_run(scene, "00", "50")
    try:
        early = settle(scene, 4)
        assert [attempt["result"] for attempt in early["attempts"]] == [None, None]
        assert all("sign of life" in attempt["reason"] for attempt in early["attempts"])
        assert all(attempt["until"] for attempt in early["attempts"])
        (run,) = json.loads(scene.ok("originator", "status", "--json"))["runs"]
        assert run["state"] == "running"
        text = scene.ok("originator", "status")
        assert text.count("its run is alive, or can be settled from") == 2
        assert "still going on" in scene.ok("originator", "report")

        assert wait_until(lambda: scene.calls_up() == 0, 15)
        scene.pass_ten_minutes()
        assert scene.ok("originator", "status").count("its run died") == 2
        report = json.loads(scene.ok("originator", "report", "--json"))["run"]
        assert report["state"] == "died"
        assert report["why"].startswith("it died: no sign of life since")
        assert report["por_que"].startswith("murió: sin señales de vida desde")
        done = scene.command("settle", scene.campaign())
        assert done.returncode == 0, done.stdout
        told = "-> delivered: the PBX's journal tells the end: Q.850 16"
        assert done.stdout.count(told) == 2
        assert "2 attempts settled, 0 left open" in done.stdout
        assert "FastAGI is away (unreachable): the 2 entries of the PBX's journal" in done.stdout
        assert len(scene.journal()) == 2
    finally:
        scene.start_fastagi()
    again = settle(scene, 0)
    assert (again["attempts"], again["journal"], again["fastagi"]) == ([], [], "ok")
    assert scene.journal() == {}
    assert len(scene.calls()) == 2
    assert scene.mismatches() == []


def test_live_channels_unsent_claims_and_missing_traces(scene: Scene) -> None:
    killed_run(scene, "61", "00")
    try:
        rows = scene.rows("SELECT id, number FROM overdue_attempt ORDER BY number")
        by_ending = {row["number"][-2:]: row["id"] for row in rows}
        unsent, traceless = insert_like(scene, "A", "claimed"), insert_like(scene, "B", "dialing")
        scene.rows(
            "UPDATE overdue_run SET heartbeat_at = heartbeat_at - INTERVAL 2 MINUTE",
        )
        first = {each["attempt"]: each for each in settle(scene, 4)["attempts"]}
        assert (first[unsent]["result"], first[unsent]["reason"]) == (
            "released", "claimed, and never sent to the PBX",
        )  # fmt: skip
        live = first[by_ending["61"]]
        assert (live["result"], live["reason"]) == (None, "its channel is up")
        assert first[traceless]["result"] is None
        assert "too early to tell" in first[traceless]["reason"]

        scene.lab.pbx.cli("channel request hangup all")
        assert wait_until(lambda: scene.calls_up() == 0, 15)
        scene.pass_ten_minutes()
        second = {each["attempt"]: each for each in settle(scene, 0)["attempts"]}
        assert second[traceless]["result"] == "not_placed"
        assert "never placed" in second[traceless]["reason"]
        assert "journal tells the end" in second[by_ending["61"]]["reason"]
    finally:
        scene.start_fastagi()
    assert len(scene.calls()) == 2


def insert_like(scene: Scene, letter: str, state: str) -> str:
    """An attempt of the same run and PBX of which the PBX knows nothing."""
    attempt = f"01ARZ3NDEKTSV4RRFFQ69G000{letter}"
    scene.rows(
        "INSERT INTO overdue_attempt (id, run_id, source, customer_id, number, person, state,"
        " trunk, prompt, pbx, pbx_boot, claimed_at, dialing_at, deadline_at)"
        " SELECT %s, run_id, source, %s, %s, %s, %s, trunk, prompt, pbx, pbx_boot, claimed_at,"
        " dialing_at, deadline_at FROM overdue_attempt LIMIT 1",
        attempt, letter, f"57300{ord(letter)}00000", letter, state,
    )  # fmt: skip
    return attempt


def test_entries_that_mean_nothing_are_set_aside_and_shown(scene: Scene) -> None:
    unknown, broken = "01ARZ3NDEKTSV4RRFFQ69G0001", "01ARZ3NDEKTSV4RRFFQ69G0002"
    scene.lab.pbx.cli(f"database put overdue {unknown} ended|17|1772463600000||||||SIP")
    scene.lab.pbx.cli(f"database put overdue {broken} nonsense")
    scene.lab.pbx.cli("database put overdue no-id placed")
    scene.lab.pbx.cli("database put overdue-probe 01ARZ3NDEKTSV4RRFFQ69G0003 ok|1")
    (busy,) = scene.customers("60")
    scene.run()
    assert wait_until(lambda: scene.journal() == {}, 10)
    result = settle(scene, 0)
    assert result["aside"] == {
        unknown: "unknown attempt: ended|17|1772463600000||||||SIP",
        broken: "unreadable: nonsense",
        "no-id": "no attempt id: placed",
    }
    assert "set aside on the PBX (no-id)" in scene.ok("originator", "settle", scene.campaign())
    assert "01ARZ3NDEKTSV4RRFFQ69G0003" not in scene.lab.pbx.cli("database show overdue-probe")
    assert scene.outcomes() == {busy: "busy"}


def test_a_placed_entry_stays_while_its_attempt_is_open_and_not_longer(scene: Scene) -> None:
    killed_run(scene, "61")
    try:
        (row,) = scene.rows("SELECT id FROM overdue_attempt")
        scene.start_fastagi()
        assert settle(scene, 4)["journal"] == [row["id"]]
        scene.rows("UPDATE overdue_attempt SET state = 'ended', outcome = 'lost'")
        assert wait_until(lambda: settle(scene, 0)["journal"] == [], 10)
    finally:
        scene.lab.pbx.cli("channel request hangup all")
