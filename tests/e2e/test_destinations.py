"""Whom the site may call is said by the PBX's own dialplan, whatever the campaign says."""

from collections.abc import Callable, Iterator

import pytest

from tests.e2e.scene import PROMPT, Scene

Allow = Callable[[str], None]
RINGS_4_SECONDS = "93"


@pytest.fixture
def allow(scene: Scene) -> Iterator[Allow]:
    """Replaces the site's destinations by one pattern."""
    file = scene.lab.pbx.directory / "etc" / "overdue" / "overdue_destinations.conf"
    before = file.read_text()

    def replace(pattern: str) -> None:
        file.write_text(f"[overdue-destinations]\nexten => {pattern},1,Goto(overdue-message,s,1)\n")
        scene.lab.pbx.cli("dialplan reload")

    yield replace
    file.write_text(before)
    scene.lab.pbx.cli("dialplan reload")


def test_a_number_that_the_site_does_not_allow_is_not_dialled(scene: Scene, allow: Allow) -> None:
    allow("_300XXXXX6X")
    busy, answers = scene.customers("60", "00")
    summary = scene.run()
    assert [call.number for call in scene.calls()] == [busy]
    assert summary["skipped"] == {"destination_refused": 1}
    assert scene.outcomes() == {busy: "busy"}

    test_call = scene.command("call", answers, "--campaign", scene.campaign())
    assert test_call.returncode == 1
    assert "the PBX's dialplan does not allow calls to the number" in test_call.stdout
    assert len(scene.calls()) == 1


def test_a_call_that_passed_all_the_same_is_let_go_when_it_is_answered(
    scene: Scene, allow: Allow
) -> None:
    (number,) = scene.customers(RINGS_4_SECONDS)
    run = scene.start_run()
    scene.wait_for_calls_up(1)
    allow("_9")
    assert run.exit_code() == 5
    (call,) = scene.calls()
    assert call.answered_seconds is not None
    assert call.answered_seconds < 1
    assert scene.heard(call, PROMPT).coverage_seconds == 0
    assert scene.outcomes() == {number: "destination_refused"}
    assert run.summary()["stop_reason"] == "our_mistake"
    assert scene.journal() == {}
