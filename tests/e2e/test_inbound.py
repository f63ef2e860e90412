"""A customer who rings the number that he was shown."""

import signal
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from lab.audio import contains_prompt
from lab.demo import ZONE
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


def begins_to_ring(scene: Scene, number: str, key: str = "s") -> None:
    """Somebody with this number rings the company; he presses the key every 3 s."""
    scene.lab.carrier.rings_company(number, key)
    assert wait_until(lambda: scene.calls_up() >= 1, 10)


def rings(scene: Scene, number: str, key: str = "s") -> Path:
    """The same, to the end; returns what he heard."""
    begins_to_ring(scene, number, key)
    assert wait_until(lambda: scene.calls_up() == 0, 60), "the PBX hangs up at the end"
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


def rings_while_the_database_dies(scene: Scene, number: str, key: str) -> Path:
    """It dies between the recognition and his key, and is back after the call."""
    begins_to_ring(scene, number, key)
    assert wait_until(lambda: len(scene.rows("SELECT id FROM overdue_inbound_call")) == 1, 10)
    scene.lab.database.process.signal(signal.SIGKILL)
    scene.lab.database.process.wait_ended()
    try:
        assert wait_until(lambda: scene.calls_up() == 0, 60), "the PBX hangs up at the end"
    finally:
        scene.restart_database()
    return scene.lab.carrier.recordings / "rings-company.wav"


@pytest.mark.slow
def test_his_wish_outlives_the_database(scene: Scene) -> None:
    """It dies between the recognition and his key: the PBX keeps what he wished."""
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5})
    recording = rings_while_the_database_dies(scene, number, key="9")
    assert score(scene, recording, "es_MX/dnc_done") > 0.8
    listed = "SELECT number FROM overdue_do_not_call"
    assert scene.rows(listed) == []
    kept = scene.lab.pbx.cli("database show overdue-back")
    assert "|do_not_call|" in kept
    assert number not in kept

    scene.run()

    assert scene.rows(listed) == [{"number": f"57{number}"}]
    assert "0 results found" in scene.lab.pbx.cli("database show overdue-back")


@pytest.mark.slow
def test_his_promise_outlives_the_database(scene: Scene) -> None:
    """Key 3 is the key of the promise and the third day; nobody calls him before that."""
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5})
    recording = rings_while_the_database_dies(scene, number, key="3")
    assert score(scene, recording, "es_MX/promise_thanks") > 0.8
    day = datetime.now(ZONE).date() + timedelta(days=3)
    promises = "SELECT promised_day FROM overdue_promise"
    assert scene.rows(promises) == []
    assert f"|promised;{day}|" in scene.lab.pbx.cli("database show overdue-back")

    summary = scene.run(retry={"spacing_minutes": 0})

    assert scene.rows(promises) == [{"promised_day": day}]
    assert summary["skipped"] == {"promised": 1}
    assert len(scene.calls()) == 1, "the one that he did not answer"
    assert "0 results found" in scene.lab.pbx.cli("database show overdue-back")
    (back,) = scene.rows("SELECT course, keys_pressed FROM overdue_inbound_call")
    assert back["course"] == "promised"
    assert back["keys_pressed"].startswith("3@")


TO_THE_AGENT = {"dial": "PJSIP/agent", "ring_seconds": 4}


@pytest.fixture
def agent(scene: Scene) -> Iterator[None]:
    """The company's agent, who is free."""
    free = "Not in use"
    assert wait_until(lambda: free in scene.lab.pbx.cli("pjsip show endpoint agent"), 15)
    yield
    scene.lab.carrier.agent_does("answers")


def talks(scene: Scene) -> list[str]:
    rows = scene.rows(
        "SELECT detail FROM overdue_inbound_event"
        " WHERE kind = 'transfer' AND detail LIKE 'talked %%' ORDER BY place"
    )
    return [row["detail"] for row in rows]


@pytest.mark.usefixtures("agent")
def test_of_a_transfer_the_talk_is_kept_and_shown(scene: Scene) -> None:
    scene.lab.carrier.agent_does("hangs-up")
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5}, transfer=TO_THE_AGENT)
    rings(scene, number, key="2")
    assert wait_until(lambda: len(talks(scene)) == 1, 10)
    (talk,) = talks(scene)
    assert talk.endswith(" s, ended by agent")
    assert float(talk.split()[1]) == pytest.approx(3, abs=1)
    (customer,) = scene.rows("SELECT id FROM afiliados")
    assert talk in scene.ok("originator", "history", str(customer["id"]), "--csv")
    (back,) = scene.rows("SELECT course FROM overdue_inbound_call")
    assert back == {"course": "transferred"}
    assert "0 results found" in scene.lab.pbx.cli("database show overdue-back")


@pytest.mark.slow
@pytest.mark.usefixtures("agent")
def test_whom_nobody_takes_is_among_those_to_be_called_back(scene: Scene) -> None:
    scene.lab.carrier.agent_does("busy")
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5}, transfer=TO_THE_AGENT)
    recording = rings(scene, number, key="2")
    assert score(scene, recording, "es_MX/transfer_nobody") > 0.8
    listed = scene.ok("originator", "call-backs", scene.campaign())
    assert listed.endswith("1 to be called back\n")


@pytest.mark.slow
@pytest.mark.usefixtures("agent")
def test_a_talk_during_which_the_server_was_killed_comes_with_the_next_run(scene: Scene) -> None:
    scene.lab.carrier.agent_does("hangs-up")
    [number] = scene.customers("61")
    scene.run(timing={"ring_seconds": 5}, transfer=TO_THE_AGENT)
    begins_to_ring(scene, number, key="2")
    ringing = "PJSIP/agent-"
    assert wait_until(lambda: ringing in scene.lab.pbx.cli("core show channels concise"), 30)
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()
    try:
        assert wait_until(lambda: scene.calls_up() == 0, 60)
        assert talks(scene) == []
    finally:
        scene.start_fastagi()
    scene.run()
    (talk,) = talks(scene)
    assert talk.endswith(" s, ended by agent")
    assert "0 results found" in scene.lab.pbx.cli("database show overdue-back")
