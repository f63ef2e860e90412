"""A trunk that refuses or falls silent: paused, tried by single calls, and nobody's loss."""

import json
import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise

import pytest

from lab.calls import CarrierCall
from lab.ports import CARRIER_SIP, CARRIER_STANDBY_SIP
from lab.waiting import wait_until
from tests.e2e.scene import Scene

FIRST, STANDBY = CARRIER_SIP, CARRIER_STANDBY_SIP
ONE = [{"name": "voip_issabel", "calls_per_second": 4, "max_calls": 20}]
BOTH = [*ONE, {"name": "voip_standby", "calls_per_second": 4, "max_calls": 20}]
FAILURES = 3
ANSWERS = "50"
"""… and hangs up 3 s later."""
TIMES = {"ring_seconds": 4, "call_seconds": 20, "grace_seconds": 10}


def breaker(pause_seconds: int) -> dict[str, int]:
    return {"failures": FAILURES, "pause_seconds": pause_seconds}


@contextmanager
def trunk_does(scene: Scene, what: str) -> Iterator[None]:
    """The first trunk does this with every call, until the end of the block."""
    scene.lab.carrier.trunk_does(FIRST, what)
    try:
        yield
    finally:
        scene.lab.carrier.trunk_does(FIRST, "number")


def over(scene: Scene, port: int) -> list[CarrierCall]:
    return [call for call in scene.calls() if call.port == port]


def paused(scene: Scene) -> bool:
    return bool(scene.rows("SELECT 1 FROM overdue_trunk WHERE paused_until IS NOT NULL"))


def assert_all_reached(scene: Scene, numbers: list[str]) -> None:
    """Everybody has answered one call by the carrier's own record, and spent one attempt."""
    answered = Counter(call.number for call in scene.calls() if call.sip_code == 200)
    assert answered == Counter(numbers)
    told = scene.rows("SELECT number FROM overdue_attempt WHERE answered_at IS NOT NULL")
    assert Counter(row["number"] for row in told) == Counter(f"57{each}" for each in numbers)
    spent = scene.rows("SELECT DISTINCT outbound_call_attempts AS n FROM afiliados")
    assert spent == [{"n": 1}]


def assert_probed_one_by_one(scene: Scene, pause_seconds: int) -> None:
    """Between the calls that failed in a row and the first that went well, single probes."""
    failed = sorted(call.invite_at for call in over(scene, FIRST.number) if call.sip_code != 200)
    # Those that were written before the last of the row was known.
    first = timedelta(seconds=pause_seconds)
    probes = [at for at in failed if at - failed[0] > first]
    assert probes
    gaps = [later - earlier for earlier, later in pairwise(probes)]
    assert all(gap > timedelta(seconds=pause_seconds) for gap in gaps)


def assert_nobody_is_dialled_while_his_invite_lives(scene: Scene) -> None:
    """After silence not the same number for 40 s: its INVITE is sent again for 32 s."""
    dialled = scene.rows(
        "SELECT TIMESTAMPDIFF(MICROSECOND, earlier.ended_at, later.dialing_at) / 1000000 AS gap"
        " FROM overdue_attempt earlier JOIN overdue_attempt later USING (number)"
        " WHERE earlier.outcome = 'trunk_silent' AND later.dialing_at > earlier.dialing_at"
    )
    assert dialled
    assert all(row["gap"] >= 40 for row in dialled)


def test_the_standby_takes_over_while_the_first_trunk_refuses(scene: Scene) -> None:
    numbers = scene.customers(*(ANSWERS,) * 28)
    changes = {"trunks": BOTH, "breaker": breaker(1)}
    with trunk_does(scene, "503"):
        run = scene.start_run(**changes)
        assert wait_until(lambda: len(over(scene, STANDBY.number)) >= 4, 20)
        told = json.loads(scene.ok("originator", "status", "--json"))
        assert told["troubled_trunks"]["PJSIP/voip_issabel"]["failure"] == "congestion"
    assert run.exit_code() == 0
    assert "the trunk PJSIP/voip_issabel is paused" in run.log.read_text()
    assert "calls go over PJSIP/voip_standby" in run.log.read_text()
    assert "the trunk PJSIP/voip_issabel works again" in run.log.read_text()
    assert over(scene, FIRST.number)[-1].sip_code == 200
    used = scene.rows(
        "SELECT trunk, COUNT(*) n FROM overdue_attempt WHERE state='ended' GROUP BY 1"
    )
    assert {row["trunk"].removeprefix("PJSIP/"): row["n"] for row in used} == {
        "voip_issabel": len(over(scene, FIRST.number)),
        "voip_standby": len(over(scene, STANDBY.number)),
    }
    assert run.summary()["stop_reason"] == "done"
    assert_all_reached(scene, numbers)


def test_a_day_that_is_used_up_stops_the_run(scene: Scene) -> None:
    scene.customers(*("60",) * 4)
    run = scene.start_run(limits={"calls_per_day": 2})
    assert run.exit_code() == 4
    assert run.summary()["stop_reason"] == "calls_per_day_reached"
    assert len(scene.calls()) == 2
    assert scene.run(limits={"calls_per_day": 4})["stop_reason"] == "done"
    assert len(scene.calls()) == 4


@pytest.mark.slow
@pytest.mark.parametrize("code", ["503", "403"])
def test_a_trunk_that_refuses_for_a_minute(scene: Scene, code: str) -> None:
    numbers = scene.customers(*(ANSWERS,) * 20)
    changes = {"trunks": ONE, "breaker": breaker(5)}
    with trunk_does(scene, code):
        runs = [scene.start_run(name=name, **changes) for name in ("first", "second")]
        assert wait_until(lambda: paused(scene), 20)
        began = scene.now()
        assert wait_until(lambda: scene.now() - began > 60, 70)
        assert [run.process.poll() for run in runs] == [None, None]
        assert "is paused" in scene.ok("originator", "status")
        states = {
            each["state"] for each in json.loads(scene.ok("originator", "status", "--json"))["runs"]
        }
        assert states == {"running"}
        assert "no calls: all trunks are paused" in runs[0].log.read_text()
        # The row, what was under way in both runs, and probes after 5, 10, 20 and 40 s.
        assert len(scene.calls()) <= FAILURES + 4 + 4
        assert_probed_one_by_one(scene, 5)
    assert [run.exit_code(120) for run in runs] == [0, 0]
    assert not paused(scene)
    assert_all_reached(scene, numbers)


@pytest.mark.slow
def test_a_trunk_that_takes_calls_and_says_nothing_more(scene: Scene) -> None:
    numbers = scene.customers(*(ANSWERS,) * 30)
    changes = {"trunks": BOTH, "breaker": breaker(2), "timing": TIMES}
    with trunk_does(scene, "silent"):
        run = scene.start_run(**changes)
        assert wait_until(lambda: len(over(scene, STANDBY.number)) >= 4, 30)
    assert run.exit_code(120) == 0
    outcomes = {row["outcome"] for row in scene.rows("SELECT outcome FROM overdue_attempt")}
    assert outcomes == {"delivered", "trunk_silent"}
    assert_nobody_is_dialled_while_his_invite_lives(scene)
    assert run.summary()["stop_reason"] == "done"
    assert_all_reached(scene, numbers)


@pytest.mark.slow
def test_a_silent_trunk_without_another_one(scene: Scene) -> None:
    numbers = scene.customers(*(ANSWERS,) * 12)
    changes = {"trunks": ONE, "breaker": breaker(2), "timing": TIMES}
    with trunk_does(scene, "silent"):
        run = scene.start_run(**changes)
        assert wait_until(lambda: paused(scene), 30)
        began = scene.now()
        assert wait_until(lambda: scene.now() - began > 20, 30)
        assert run.process.poll() is None
    assert run.exit_code(120) == 0
    assert_nobody_is_dialled_while_his_invite_lives(scene)
    assert_all_reached(scene, numbers)


def test_a_trunk_that_stays_away_ends_the_run_with_that_reason(scene: Scene) -> None:
    (number,) = scene.customers(ANSWERS)
    with trunk_does(scene, "503"):
        run = scene.start_run(trunks=ONE, breaker={"failures": 1, "pause_seconds": 1})
        assert run.exit_code() == 4
    assert run.summary()["stop_reason"] == "trunk_failed"
    assert Counter(call.number for call in scene.calls()) == {number: 3}
    assert scene.rows("SELECT SUM(outbound_call_attempts) AS n FROM afiliados") == [{"n": 0}]


@pytest.mark.slow
def test_a_carrier_that_is_wholly_away(scene: Scene) -> None:
    """Not even OPTIONS are answered: from then on the PBX makes no channel for the trunk."""
    numbers = scene.customers(*(ANSWERS,) * 48)
    changes = {"trunks": ONE, "breaker": breaker(5), "timing": TIMES}
    run = scene.start_run(**changes)
    scene.wait_for_ended(2)
    carrier = scene.lab.carrier.process.pid
    assert carrier is not None
    os.kill(carrier, signal.SIGSTOP)
    try:
        assert wait_until(lambda: paused(scene), 30)
        assert wait_until(lambda: "is paused" in run.log.read_text(), 5)
        made = scene.rows("SELECT COUNT(*) n FROM overdue_attempt WHERE state <> 'released'")
        assert made[0]["n"] < len(numbers)
        assert wait_until(lambda: "tries it" in scene.ok("originator", "status"), 30)
    finally:
        os.kill(carrier, signal.SIGCONT)
    assert run.exit_code(120) == 0
    outcomes = {
        row["outcome"] for row in scene.rows("SELECT DISTINCT outcome FROM overdue_attempt")
    }
    # While other calls are up, the trunk's device state is that they use it.
    assert outcomes & {"trunk_down", "not_placed"}
    assert not paused(scene)
    scene.lab.pbx.wait_trunk()
    # What the carrier found in its buffer when it went on, it has answered in vain.
    assert run.summary()["stop_reason"] == "done"
    answered = Counter(call.number for call in scene.calls() if call.sip_code == 200)
    assert answered == Counter(numbers)
