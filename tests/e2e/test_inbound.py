"""A customer who rings the number that he was shown."""

from lab.audio import contains_prompt
from lab.waiting import wait_until
from tests.e2e.scene import Scene


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
