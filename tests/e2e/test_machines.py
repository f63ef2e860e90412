"""Answering machines: who is taken for one, what he hears, and what it costs those who are none."""

import signal

import pytest

from lab.calls import CarrierCall
from lab.waiting import wait_until
from tests.e2e.scene import PROMPT, Scene

NEUTRAL = "es_MX/gracias"
"""Short, and another text than the message."""
SILENCE_IS_UNSURE = {"detect": True, "initial_silence_ms": 10_000, "total_ms": 5000}
SILENCE_IS_A_MACHINE = {"detect": True}
MACHINE, HELLO, SILENT, NO_AUDIO, HANGS_UP_AFTER_3_S = "95", "94", "00", "99", "50"
BEEP_ENDS = 4.5
"""Seconds after the machine's answer: 4 s of words, half a second of a tone."""
NOTHING = 0.3
"""Seconds of a message in a recording of other words."""


def events(scene: Scene) -> dict[str, tuple[str, float]]:
    """By the ending of the number: AMD's word, and the second when it came."""
    rows = scene.rows(
        "SELECT number, detail, at_seconds FROM overdue_event"
        " JOIN overdue_attempt ON overdue_attempt.id = attempt_id WHERE kind = 'machine'"
    )
    return {
        row["number"][-2:]: (row["detail"].partition(" ")[0], float(row["at_seconds"]))
        for row in rows
    }


def outcomes(scene: Scene) -> dict[str, str]:
    return {number[-2:]: outcome for number, outcome in scene.outcomes().items()}


def calls(scene: Scene) -> dict[str, CarrierCall]:
    return {call.number[-2:]: call for call in scene.calls()}


def assert_left_the_neutral_text(scene: Scene, call: CarrierCall) -> None:
    neutral = scene.heard(call, NEUTRAL)
    assert neutral.score > 0.8
    assert BEEP_ENDS < neutral.offset_seconds < BEEP_ENDS + 3
    assert scene.heard(call).coverage_seconds < NOTHING


def in_detection(scene: Scene) -> int:
    """Channels to which AMD() listens."""
    return scene.lab.pbx.cli("core show channels concise").count("!overdue-machine!")


def test_a_machine_hears_the_neutral_text_after_its_beep_and_people_the_message(
    scene: Scene,
) -> None:
    scene.customers(MACHINE, HELLO, SILENT, NO_AUDIO)
    scene.run(neutral_prompt=NEUTRAL, machine=SILENCE_IS_UNSURE | {"policy": "neutral"})
    assert outcomes(scene) == {
        MACHINE: "machine", HELLO: "delivered", SILENT: "delivered", NO_AUDIO: "delivered",
    }  # fmt: skip
    heard, said = calls(scene), events(scene)
    assert {ending: status for ending, (status, _) in said.items()} == {
        MACHINE: "MACHINE", HELLO: "HUMAN", SILENT: "NOTSURE", NO_AUDIO: "NOTSURE",
    }  # fmt: skip
    assert_left_the_neutral_text(scene, heard[MACHINE])
    for ending in (HELLO, SILENT, NO_AUDIO):
        assert scene.heard_it_all(heard[ending]), ending
    assert said[HELLO][1] < 2
    assert 4.5 < said[SILENT][1] < 5.5
    (row,) = scene.rows("SELECT * FROM overdue_attempt WHERE outcome = 'machine'")
    assert float(row["heard_seconds"]) == 0
    answer_at = heard[MACHINE].answer_at
    assert answer_at is not None
    assert abs(row["answered_at"].timestamp() - answer_at.replace(tzinfo=None).timestamp()) < 0.7


@pytest.mark.slow
@pytest.mark.parametrize("flow", ["announce", "confirm"])
def test_without_the_server_machines_and_people_hear_the_same(scene: Scene, flow: str) -> None:
    """It is killed while AMD() listens: the dialplan alone keeps the policy, and the outcome."""
    scene.customers(MACHINE, HELLO)
    run = scene.start_run(
        flow=flow,
        greeting="es_MX/saludo_titular",
        neutral_prompt=NEUTRAL,
        machine=SILENCE_IS_UNSURE | {"policy": "neutral"},
    )
    assert wait_until(lambda: in_detection(scene) > 0, 20)
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()
    scene.wait_for_ended(2)
    scene.start_fastagi()
    assert run.exit_code() == 0
    person = "delivered" if flow == "announce" else "not_confirmed"
    assert outcomes(scene) == {MACHINE: "machine", HELLO: person}
    heard = calls(scene)
    assert_left_the_neutral_text(scene, heard[MACHINE])
    assert scene.heard_it_all(heard[HELLO]) == (flow == "announce")


@pytest.mark.slow
def test_hanging_up_on_machines_costs_silent_people_their_message(scene: Scene) -> None:
    """AMD's own defaults: silence of 2.5 s is a machine's."""
    scene.customers(MACHINE, HELLO, SILENT)
    scene.run(machine=SILENCE_IS_A_MACHINE | {"policy": "hang_up"})
    assert outcomes(scene) == {MACHINE: "machine", HELLO: "delivered", SILENT: "machine"}
    heard = calls(scene)
    for ending in (MACHINE, SILENT):
        assert heard[ending].ended_by == "caller"
        assert scene.heard(heard[ending]).coverage_seconds < NOTHING
        seconds = heard[ending].answered_seconds
        assert seconds is not None
        assert seconds < 4
    assert scene.heard_it_all(heard[HELLO])
    (sent,) = scene.rows("SELECT telefono FROM afiliados WHERE outbound_call_is_sent = 1")
    assert sent["telefono"][-2:] == HELLO


@pytest.mark.slow
def test_a_machine_may_hear_what_a_person_does_and_an_unsure_one_nothing(scene: Scene) -> None:
    scene.customers(MACHINE, SILENT)
    scene.run(machine=SILENCE_IS_UNSURE | {"policy": "play", "unsure": "hang_up"})
    assert outcomes(scene) == {MACHINE: "delivered", SILENT: "machine"}
    assert {ending: status for ending, (status, _) in events(scene).items()} == {
        MACHINE: "MACHINE", SILENT: "NOTSURE",
    }  # fmt: skip
    assert scene.heard_it_all(calls(scene)[MACHINE])
    assert scene.heard(calls(scene)[SILENT]).coverage_seconds < NOTHING


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ending", "call_seconds", "ended_by"),
    [(HANGS_UP_AFTER_3_S, 30, "carrier"), (SILENT, 3, "caller")],
    ids=["he hangs up", "the call's limit"],
)
def test_a_call_that_ends_while_it_is_listened_to_has_heard_nothing(
    scene: Scene, ending: str, call_seconds: int, ended_by: str
) -> None:
    scene.customers(ending)
    scene.run(
        machine=SILENCE_IS_UNSURE,
        timing={"call_seconds": call_seconds, "delivered_after_seconds": 1},
    )
    (row,) = scene.rows("SELECT * FROM overdue_attempt")
    assert (row["outcome"], float(row["heard_seconds"])) == ("hung_up_early", 0)
    (call,) = scene.calls()
    assert call.ended_by == ended_by
    assert call.answered_seconds == pytest.approx(3, abs=0.5)


@pytest.mark.slow
def test_a_pbx_without_app_amd_plays_the_message_at_once(scene: Scene) -> None:
    scene.customers(SILENT)
    scene.lab.pbx.cli("module unload app_amd.so")
    try:
        scene.run(machine=SILENCE_IS_UNSURE)
    finally:
        scene.lab.pbx.cli("module load app_amd.so")
    assert outcomes(scene) == {SILENT: "delivered"}
    assert events(scene)[SILENT][0] == "NOAPP"
    (call,) = scene.calls()
    assert scene.heard(call, PROMPT).offset_seconds < 1
