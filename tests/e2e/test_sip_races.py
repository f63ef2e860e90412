"""What a carrier may do on the wire that no Asterisk does, played by SIPp."""

from pathlib import Path

from lab.waiting import wait_until
from tests.e2e.scene import Scene
from tests.e2e.sip_agent import SipAgent, sip_agent

RING_SECONDS = 4


def only_attempt(scene: Scene) -> dict[str, object]:
    (row,) = scene.rows("SELECT * FROM overdue_attempt")
    return row


def pbx_is_free(scene: Scene) -> bool:
    return "0 active channels" in scene.lab.pbx.cli("core show channels count")


def assert_one_call(scene: Scene, agent: SipAgent, outcome: str) -> None:
    """One call at the carrier, one final attempt, no line held and nothing left to settle."""
    assert scene.outcomes() == {"3000100000": outcome}
    assert len(agent.received("INVITE")) == 1
    assert wait_until(lambda: pbx_is_free(scene), 5)
    assert wait_until(lambda: scene.journal() == {}, 10)


def test_wholly_silent_carrier(scene: Scene, tmp_path: Path) -> None:
    """Nobody's telephone rang: the trunk is to blame, and the customer's attempt is not spent."""
    scene.customers("00")
    with sip_agent(scene.lab, "silent", tmp_path) as agent:
        summary = scene.run(timing={"ring_seconds": RING_SECONDS})
        assert summary["outcomes"] == {"trunk_silent": 1}
        assert_one_call(scene, agent, "trunk_silent")
        # The PBX sends its INVITE again until it is answered: only then the carrier may be back.
        assert wait_until(lambda: agent.received("ACK") != [], 15)
    assert scene.rows("SELECT outbound_call_attempts n FROM afiliados") == [{"n": 0}]


def test_answer_that_crosses_our_cancel(scene: Scene, tmp_path: Path) -> None:
    scene.customers("00")
    with sip_agent(scene.lab, "crossing_answer", tmp_path) as agent:
        summary = scene.run(timing={"ring_seconds": RING_SECONDS})
        assert summary["outcomes"] == {"no_answer": 1}
        assert wait_until(lambda: agent.received("BYE") != [], 10)
        assert_one_call(scene, agent, "no_answer")
        assert len(agent.received("CANCEL")) == 1
        assert scene.run()["calls"] == 0
        assert len(agent.received("INVITE")) == 1
    assert only_attempt(scene)["heard_seconds"] is None
    assert scene.rows("SELECT outbound_call_attempts n FROM afiliados") == [{"n": 1}]


def test_hostile_reason_phrase(scene: Scene, tmp_path: Path) -> None:
    scene.customers("00")
    with sip_agent(scene.lab, "hostile_reason", tmp_path) as agent:
        summary = scene.run(timing={"ring_seconds": RING_SECONDS})
        assert summary["outcomes"] == {"busy": 1}
        assert_one_call(scene, agent, "busy")
    assert only_attempt(scene)["tech_cause"] == "SIP 486 BusyHereSHELLtouch srvpbxreasonx"
    assert list(scene.lab.pbx.directory.rglob("reason")) == []
