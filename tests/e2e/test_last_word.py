"""A call whose message was heard to its end is over in the database before it is hung up."""

import re

import pytest

from lab.waiting import wait_until
from tests.e2e.scene import Scene


def told(scene: Scene, moment: str) -> set[str]:
    """The attempts of which the server has logged that moment."""
    log = scene.lab.fastagi.log.read_text()
    return set(re.findall(rf"moment={moment} attempt=(\w{{26}}) ", log))


def ids(scene: Scene) -> dict[str, str]:
    rows = scene.rows("SELECT id, RIGHT(number, 10) AS number FROM overdue_attempt")
    return {row["number"]: row["id"] for row in rows}


def test_the_hangup_handler_reports_what_the_server_has_not_said(scene: Scene) -> None:
    to_the_end, hung_up, busy = scene.customers("00", "51", "60")
    scene.run()
    assert scene.outcomes() == {
        to_the_end: "delivered", hung_up: "hung_up_early", busy: "busy",
    }  # fmt: skip
    attempts = ids(scene)
    assert told(scene, "answered") & set(attempts.values()) == {
        attempts[to_the_end], attempts[hung_up],
    }  # fmt: skip
    assert told(scene, "ended") & set(attempts.values()) == {attempts[hung_up], attempts[busy]}
    rows = scene.rows("SELECT q850, tech_cause FROM overdue_attempt WHERE outcome = 'delivered'")
    assert [(row["q850"], row["tech_cause"]) for row in rows] == [(16, "")]
    assert wait_until(lambda: scene.journal() == {}, 10)
    assert scene.mismatches() == []


@pytest.mark.parametrize("ending", ["00", "50"], ids=["to the end", "hangs up"])
def test_a_journal_that_is_emptied_in_mid_call_loses_no_outcome(scene: Scene, ending: str) -> None:
    (number,) = scene.customers(ending)
    run = scene.start_run()
    scene.wait_for_answered(1)
    scene.lab.pbx.cli("database deltree overdue")
    assert run.exit_code() == 0
    assert scene.outcomes() == {number: "delivered"}
    scene.run()
    assert len(scene.calls()) == 1
    assert scene.mismatches() == []
