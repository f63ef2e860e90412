"""Answering machines: who is taken for one, what he hears, and what it costs those who are none."""

from typing import Any

import pytest

from lab.waiting import wait_until
from tests.e2e.scene import PROMPT, Row, Scene

NEUTRAL = "es_MX/gracias"
"""Short, and another text than the message."""
NEVER_BY_SILENCE = {"initial_silence_ms": 10_000, "total_ms": 5000}
MACHINE, HELLO, SILENT, NO_AUDIO = "95", "94", "00", "99"
BEEP_ENDS = 4.5
"""Seconds after the machine's answer: 4 s of words, half a second of a tone."""


def run(scene: Scene, policy: str, **machine: Any) -> Row:
    return scene.run(
        neutral_prompt=NEUTRAL, machine={"detect": True, "policy": policy} | NEVER_BY_SILENCE | machine
    )


def verdicts(scene: Scene) -> dict[str, tuple[str, float]]:
    """By the ending of the number: AMD's word, and the second when it came."""
    rows = scene.rows(
        "SELECT number, detail, at_seconds FROM overdue_event JOIN overdue_attempt"
        " ON overdue_attempt.id = attempt_id WHERE kind = 'machine'"
    )
    return {row["number"][-2:]: (row["detail"].split()[0], float(row["at_seconds"])) for row in rows}


def attempts(scene: Scene) -> dict[str, Row]:
    return {row["number"][-2:]: row for row in scene.rows("SELECT * FROM overdue_attempt")}


@pytest.mark.parametrize("server", ["up", "away"])
def test_a_machine_hears_the_neutral_text_after_its_beep_and_people_the_message(
    scene: Scene, server: str
) -> None:
    endings = (MACHINE, HELLO, SILENT, NO_AUDIO)
    scene.customers(*endings)
    if server == "away":
        scene.stop_fastagi()
        started = scene.start_run(
            neutral_prompt=NEUTRAL, machine={"detect": True, "policy": "neutral"} | NEVER_BY_SILENCE
        )
        scene.wait_for_ended(4)
        scene.start_fastagi()
        assert started.exit_code() == 0
    else:
        run(scene, "neutral")
    rows, calls = attempts(scene), {call.number[-2:]: call for call in scene.calls()}
    assert {ending: rows[ending]["outcome"] for ending in endings} == {
        MACHINE: "machine", HELLO: "delivered", SILENT: "delivered", NO_AUDIO: "delivered",
    }  # fmt: skip
    beside = scene.heard(calls[MACHINE], NEUTRAL)
    assert beside.score > 0.8
    assert beside.offset_seconds > BEEP_ENDS
    assert scene.heard(calls[MACHINE], PROMPT).coverage_seconds < 1
    for ending in (HELLO, SILENT, NO_AUDIO):
        assert scene.heard_it_all(calls[ending]), ending
    assert float(rows[MACHINE]["heard_seconds"]) == 0
    if server == "up":
        said = verdicts(scene)
        print("MEASURED", said, {k: scene.heard(c).offset_seconds for k, c in calls.items()})
        assert {ending: said[ending][0] for ending in endings} == {
            MACHINE: "MACHINE", HELLO: "HUMAN", SILENT: "NOTSURE", NO_AUDIO: "NOTSURE",
        }  # fmt: skip
