"""A customer who asks for a person: both hear each other, and the record says who ended it."""

import signal
from collections.abc import Iterator
from typing import Any

import pytest

from lab.waiting import wait_until
from tests.e2e.scene import Row, Scene
from tests.e2e.tones import AGENT_HERTZ, CUSTOMER_HERTZ, MUSIC_HERTZ, seconds_of

TO_THE_AGENT = {"dial": "PJSIP/agent", "ring_seconds": 4}
IN_LINE = {"queue": "cobranza", "ring_seconds": 4}


@pytest.fixture(autouse=True)
def agent(scene: Scene) -> Iterator[None]:
    free = "Not in use"
    assert wait_until(lambda: free in scene.lab.pbx.cli("pjsip show endpoint agent"), 15)
    yield
    scene.lab.carrier.agent_does("answers")
    if scene.lab.fastagi.pid is None:
        scene.start_fastagi()


def transferred(scene: Scene, ending: str, transfer: dict[str, Any], **changes: Any) -> Row:
    """The attempt of a customer who presses 2, after the run."""
    scene.customers(ending)
    scene.run(transfer=transfer, **changes)
    (row,) = scene.rows("SELECT * FROM overdue_attempt")
    return row


def details(scene: Scene, kind: str) -> list[str]:
    rows = scene.rows("SELECT detail FROM overdue_event WHERE kind = %s ORDER BY place", kind)
    return [row["detail"] for row in rows]


@pytest.mark.parametrize(
    "transfer",
    [TO_THE_AGENT, pytest.param(IN_LINE, marks=pytest.mark.slow)],
    ids=["dial", "queue"],
)
def test_both_hear_each_other_until_the_agent_hangs_up(
    scene: Scene, transfer: dict[str, Any]
) -> None:
    scene.lab.carrier.agent_does("hangs-up")
    row = transferred(scene, "87", transfer)
    assert row["outcome"] == "transferred"
    assert float(row["talk_seconds"]) == pytest.approx(3, abs=0.5)
    assert details(scene, "transfer")[-1].endswith("ended by agent")
    (call,) = scene.calls()
    heard = scene.lab.carrier.recording(call)
    assert heard is not None
    assert seconds_of(AGENT_HERTZ, heard) > 2
    assert seconds_of(MUSIC_HERTZ, heard) > 0.5, "music while it rings"
    assert seconds_of(CUSTOMER_HERTZ, scene.lab.carrier.heard_by_agent) > 2


@pytest.mark.slow
def test_a_customer_who_hangs_up_first_is_recorded_so(scene: Scene) -> None:
    row = transferred(scene, "88", TO_THE_AGENT)
    assert row["outcome"] == "transferred"
    assert details(scene, "transfer")[-1].endswith("ended by customer")
    assert 1 < float(row["talk_seconds"]) < 12


@pytest.mark.slow
@pytest.mark.parametrize("agent_does", ["busy", "rings"])
def test_when_nobody_takes_it_he_is_told_so_and_called_back(scene: Scene, agent_does: str) -> None:
    scene.lab.carrier.agent_does(agent_does)
    row = transferred(scene, "87", TO_THE_AGENT)
    assert row["outcome"] in ("delivered", "hung_up_early")
    assert row["talk_seconds"] is None
    assert details(scene, "call_back") == [{"busy": "busy", "rings": "noanswer"}[agent_does]]
    (call,) = scene.calls()
    assert scene.heard(call, "es_MX/transfer_nobody").score > 0.8
    listed = scene.ok("originator", "call-backs", scene.campaign())
    assert listed.endswith("1 to be called back\n")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("transfer", "why"),
    [
        ({"queue": "vacia"}, "nobody free"),
        ({"dial": "PJSIP/nobody"}, "nobody free"),
        ({}, "nobody free"),
        (
            TO_THE_AGENT | {"hours": dict.fromkeys(
                ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
                "closed",
            )},
            "out of hours",
        ),
    ],
    ids=["empty-queue", "absent", "none", "closed"],
)  # fmt: skip
def test_when_nobody_is_there_he_is_told_so_and_the_message_goes_on(
    scene: Scene, transfer: dict[str, Any], why: str
) -> None:
    row = transferred(scene, "87", transfer)
    assert row["outcome"] == "delivered"
    assert row["heard_to_end"] == 1
    assert details(scene, "call_back") == [why]


@pytest.mark.slow
def test_the_talk_has_its_own_limit_and_outlives_the_calls_and_the_server(scene: Scene) -> None:
    """The server is killed during the talk; the journal alone tells of it."""
    scene.customers("87")
    run = scene.start_run(
        transfer=TO_THE_AGENT | {"talk_seconds": 10},
        timing={"ring_seconds": 5, "call_seconds": 12, "grace_seconds": 5},
    )
    talking = "PJSIP/agent-"
    assert wait_until(lambda: talking in scene.lab.pbx.cli("core show channels concise"), 30)
    assert wait_until(lambda: "|Up|" in bridged(scene), 10)
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()
    scene.start_fastagi()
    assert run.exit_code(90) == 0
    (row,) = scene.rows("SELECT * FROM overdue_attempt")
    assert row["outcome"] == "transferred"
    assert 9 < float(row["talk_seconds"]) < 15
    assert details(scene, "transfer")[-1].endswith("ended by limit")


@pytest.mark.slow
def test_a_talk_is_recorded_though_the_server_died_in_it_and_came_back_after_it(
    scene: Scene,
) -> None:
    scene.lab.carrier.agent_does("hangs-up")
    scene.customers("87")
    run = scene.start_run(transfer=TO_THE_AGENT, timing={"ring_seconds": 5, "grace_seconds": 5})
    assert wait_until(lambda: "|Up|" in bridged(scene), 30)
    kill_server(scene)
    assert run.exit_code(90) == 0
    (row,) = scene.rows("SELECT outcome, talk_seconds FROM overdue_attempt")
    assert row["outcome"] == "transferred"
    assert float(row["talk_seconds"]) == pytest.approx(3, abs=1)
    assert details(scene, "transfer")[-1].endswith("ended by agent")
    assert len(scene.journal()) == 1
    assert_nobody_is_called_again(scene)
    assert len([each for each in details(scene, "transfer") if "talked" in each]) == 1


@pytest.mark.slow
def test_killed_while_the_agents_telephone_rings_he_is_told_and_called_back(scene: Scene) -> None:
    scene.lab.carrier.agent_does("rings")
    scene.customers("87")
    run = scene.start_run(transfer=TO_THE_AGENT, timing={"ring_seconds": 5, "grace_seconds": 5})
    assert wait_until(lambda: bridged(scene) != "", 30)
    kill_server(scene)
    assert run.exit_code(90) == 0
    (row,) = scene.rows("SELECT outcome, talk_seconds FROM overdue_attempt")
    assert row["outcome"] in ("delivered", "hung_up_early")
    assert row["talk_seconds"] is None
    assert details(scene, "call_back") == ["noanswer"]
    (call,) = scene.calls()
    assert scene.heard(call, "es_MX/transfer_nobody").score > 0.8
    assert_nobody_is_called_again(scene)
    assert details(scene, "call_back") == ["noanswer"]


def kill_server(scene: Scene) -> None:
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()


def assert_nobody_is_called_again(scene: Scene) -> None:
    """Not on that day, by a run that first takes what the journal holds."""
    scene.start_fastagi()
    scene.run(retry={"spacing_minutes": 0})
    assert len(scene.calls()) == 1
    assert scene.journal() == {}


def bridged(scene: Scene) -> str:
    """The agent's channel, as Asterisk lists it."""
    lines = scene.lab.pbx.cli("core show channels concise").replace("!", "|").splitlines()
    return "".join(line for line in lines if line.startswith("PJSIP/agent"))
