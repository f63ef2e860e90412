"""Asterisk killed with calls up, and started again: nobody is called twice, and the run goes on."""

from collections import Counter

import pytest

from lab.waiting import wait_until
from tests.e2e.scene import Scene

PACE = {"trunk": {"calls_per_second": 5, "max_calls": 4}}
TIMES = {"ring_seconds": 10, "call_seconds": 15}
LATER = ("00", "01", "02", "03")


def crash(scene: Scene) -> None:
    """Kill the PBX and start it again; the carrier's side of its calls goes too."""
    scene.kill_pbx()
    scene.lab.carrier.cli("channel request hangup all")
    scene.start_pbx()
    scene.lab.pbx.wait_trunk()


def called(scene: Scene) -> Counter[str]:
    assert wait_until(lambda: scene.calls_up() == 0, 15)
    return Counter(call.number for call in scene.calls())


@pytest.mark.parametrize("journal", ["kept", "vanished"])
def test_calls_in_mid_ring_and_mid_message_are_lost_and_the_run_goes_on(
    scene: Scene, journal: str
) -> None:
    """AstDB may miss its last second after a crash: an entry that is gone frees nobody."""
    numbers = scene.customers("61", "98", "61", "98", *LATER)
    run = scene.start_run(timing=TIMES, **PACE)
    scene.wait_for_calls_up(4)
    scene.wait_for_answered(2)
    scene.kill_pbx()
    if journal == "vanished":
        (scene.lab.pbx.directory / "db" / "astdb.sqlite3").unlink()
    scene.lab.carrier.cli("channel request hangup all")
    scene.start_pbx()
    assert run.exit_code(90) == 0

    outcomes = scene.outcomes()
    in_flight = set(numbers[:4])
    assert {number: outcomes[number] for number in in_flight} == dict.fromkeys(in_flight, "lost")
    log = run.log.read_text()
    assert "the PBX has restarted; calls that were open on it: " in log
    for row in scene.rows("SELECT id FROM overdue_attempt WHERE outcome = 'lost'"):
        assert f"{row['id']} (57300***" in log
    assert run.summary()["outcomes"]["lost"] == 4
    after = {number: outcomes[number] for number in numbers[4:]}
    assert after == dict.fromkeys(numbers[4:], "delivered")

    # Lost counts as a call of today.
    again = scene.run()
    assert (again["calls"], again["skipped"].get("uncertain_today")) == (0, 4)
    assert called(scene) == Counter(numbers)
    assert wait_until(lambda: scene.journal() == {}, 10)


def test_what_was_heard_before_the_crash_is_what_it_became(scene: Scene) -> None:
    """As when the answered session had committed it, and the PBX died before the end."""
    (number,) = scene.customers("00")
    run = scene.start_run(timing=TIMES)
    scene.wait_for_answered(1)
    assert wait_until(
        lambda: bool(scene.rows("SELECT 1 FROM overdue_attempt WHERE state = 'answered'")), 10
    )
    scene.rows("UPDATE overdue_attempt SET heard_seconds = 3.67, heard_to_end = 1, played_by='agi'")
    crash(scene)
    assert run.exit_code(60) == 0
    assert scene.outcomes() == {number: "delivered"}
    assert called(scene) == Counter([number])


def test_killed_together_with_the_originator_settle_says_lost(scene: Scene) -> None:
    numbers = scene.customers("61", "98")
    run = scene.start_run(timing=TIMES, **PACE)
    scene.wait_for_calls_up(2)
    run.process.kill()
    run.process.wait()
    crash(scene)
    scene.rows("UPDATE overdue_run SET heartbeat_at = heartbeat_at - INTERVAL 2 MINUTE")
    done = scene.command("settle", scene.campaign())
    assert done.returncode == 0, done.stderr + done.stdout
    assert done.stdout.count("-> lost: the PBX restarted since it was dialled") == 2
    assert scene.run()["calls"] == 0
    assert called(scene) == Counter(numbers)
