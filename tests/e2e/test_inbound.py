"""A customer who rings the number that he was shown."""

import signal
from pathlib import Path

import pytest

from lab.audio import contains_prompt
from lab.waiting import wait_until
from tests.e2e.scene import PROMPT, Scene


def test_he_hears_our_message_where_the_companys_application_is_away(scene: Scene) -> None:
    recording = scene.lab.carrier.recordings / "rings-company.wav"
    scene.lab.carrier.cli(
        "channel originate PJSIP/customer/sip:3241000752@127.0.0.1:5060 extension s@rings-company"
    )
    assert wait_until(lambda: scene.calls_up() == 1, 10)
    assert wait_until(lambda: scene.calls_up() == 0, 30), "the PBX hangs up after its message"
    prompt = scene.lab.state / "sounds" / "es_MX" / "llamada_entrante.ulaw"
    match = contains_prompt(recording, prompt)
    assert match.score > 0.8
    assert match.coverage_seconds > 9
    assert scene.attempts() == []


def test_the_trunks_context_is_no_open_relay(scene: Scene) -> None:
    dialplan = scene.lab.pbx.cli("dialplan show from-voip")
    assert "Dial(" not in dialplan
    scene.lab.carrier.cli(
        "channel originate PJSIP/customer/sip:3001234500@127.0.0.1:5060 extension s@rings-company"
    )
    assert wait_until(lambda: scene.calls_up() == 0, 10)
    assert scene.calls() == []


def rings(scene: Scene, number: str, key: str = "s") -> Path:
    """Somebody with this number rings the company, to the end; returns what he heard."""
    scene.lab.carrier.cli(
        f"channel originate Local/{number}@shows-number/n extension {key}@rings-company"
    )
    assert wait_until(lambda: scene.calls_up() >= 1, 10)
    assert wait_until(lambda: scene.calls_up() == 0, 40), "the PBX hangs up at the end"
    return scene.lab.carrier.recordings / "rings-company.wav"


def score(scene: Scene, recording: Path, prompt: str) -> float:
    return contains_prompt(recording, scene.lab.state / "sounds" / f"{prompt}.ulaw").score


NEUTRAL = "es_MX/llamada_entrante"


def test_who_was_called_hears_his_message_and_no_attempt_is_spent(scene: Scene) -> None:
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5})
    before = scene.rows("SELECT * FROM overdue_attempt"), scene.rows("SELECT * FROM afiliados")

    recording = rings(scene, number)

    assert score(scene, recording, PROMPT) > 0.8
    assert score(scene, recording, NEUTRAL) < 0.5
    after = scene.rows("SELECT * FROM overdue_attempt"), scene.rows("SELECT * FROM afiliados")
    assert after == before
    (back,) = scene.rows("SELECT * FROM overdue_inbound_call")
    assert back["attempt_id"] == before[0][0]["id"]
    assert (back["heard_to_end"], back["number"]) == (1, before[0][0]["number"])


@pytest.mark.slow
def test_who_was_not_called_hears_no_word_of_a_debt(scene: Scene) -> None:
    scene.customers("61")
    scene.run(timing={"ring_seconds": 5})
    recording = rings(scene, "3001239999")
    assert score(scene, recording, NEUTRAL) > 0.8
    assert score(scene, recording, PROMPT) < 0.5
    assert scene.rows("SELECT * FROM overdue_inbound_call") == []


def test_he_can_ask_for_no_more_calls(scene: Scene) -> None:
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5})
    rings(scene, number, key="9")
    (entry,) = scene.rows("SELECT number, purpose FROM overdue_do_not_call")
    assert entry == {"number": f"57{number}", "purpose": "all"}
    (back,) = scene.rows("SELECT course FROM overdue_inbound_call")
    assert back == {"course": "do_not_call"}


@pytest.mark.slow
def test_with_fastagi_away_the_dialplan_is_neutral(scene: Scene) -> None:
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5})
    scene.stop_fastagi()
    try:
        recording = rings(scene, number)
    finally:
        scene.start_fastagi()
    assert score(scene, recording, NEUTRAL) > 0.8
    assert score(scene, recording, PROMPT) < 0.5


@pytest.mark.slow
def test_his_wish_outlives_the_database(scene: Scene) -> None:
    """It dies between the recognition and his key: the PBX keeps what he wished."""
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5})
    scene.lab.carrier.cli(
        f"channel originate Local/{number}@shows-number/n extension 9@rings-company"
    )
    assert wait_until(lambda: len(scene.rows("SELECT id FROM overdue_inbound_call")) == 1, 10)
    scene.lab.database.process.signal(signal.SIGKILL)
    scene.lab.database.process.wait_ended()
    assert wait_until(lambda: scene.calls_up() == 0, 40), "the PBX hangs up at the end"
    recording = scene.lab.carrier.recordings / "rings-company.wav"
    assert score(scene, recording, "es_MX/dnc_done") > 0.8
    scene.restart_database()
    listed = "SELECT number FROM overdue_do_not_call"
    assert scene.rows(listed) == []
    kept = scene.lab.pbx.cli("database show overdue-back")
    assert "|do_not_call|" in kept
    assert number not in kept

    scene.run()

    assert scene.rows(listed) == [{"number": f"57{number}"}]
    assert "0 results found" in scene.lab.pbx.cli("database show overdue-back")
