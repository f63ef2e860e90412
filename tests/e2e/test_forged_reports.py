"""A local process that speaks AGI to the server has no token, so it changes nothing."""

import pytest

from campaign.token import token
from lab import product
from lab.ports import FASTAGI
from lab.waiting import wait_until
from tests.e2e.scene import PROMPT, PROMPT_SECONDS, Row, Scene
from tests.fake_asterisk import Call

ANOTHER_SECRET = "another-secret-than-ours"
RING_SECONDS = 15


def delivered(attempt_id: str, secret: str) -> str:
    """A well-formed journal entry: the customer heard it all."""
    word = token(secret, attempt_id) if secret else ""
    return f"ended|16|1795446000250|1795445988000||9.50;1;;agi||{word}|SIP 200 OK"


def report(moment: str, attempt_id: str, secret: str) -> Call:
    """What a local process says of an attempt; ``secret``: what it makes its token with."""
    entry = delivered(attempt_id, secret)
    return Call(
        (FASTAGI.host, FASTAGI.number),
        moment,
        attempt_id,
        args=() if moment == "answered" else (entry,),
        prompts={PROMPT: PROMPT_SECONDS},
        astdb={("overdue", attempt_id): entry},
        secret=secret,
    ).run()


def ringing(scene: Scene) -> str:
    """The attempt of the only call, which rings."""
    scene.wait_for_calls_up(1)
    (row,) = scene.rows("SELECT id FROM overdue_attempt WHERE state = 'dialing'")
    return str(row["id"])


def everything(scene: Scene) -> list[list[Row]]:
    """What the database says of attempts and customers."""
    tables = ("overdue_attempt", "overdue_attempt_note", "afiliados", "factura")
    return [scene.rows(f"SELECT * FROM {table}") for table in tables]  # noqa: S608 (our own names)


@pytest.mark.parametrize("secret", ["", ANOTHER_SECRET], ids=["no token", "a false token"])
def test_forged_reports_of_an_open_attempt_change_nothing(scene: Scene, secret: str) -> None:
    (number,) = scene.customers("61")
    run = scene.start_run(timing={"ring_seconds": RING_SECONDS})
    attempt_id = ringing(scene)
    before = everything(scene)

    for moment in ("answered", "ended", "sweep"):
        call = report(moment, attempt_id, secret)
        assert call.variables == {}
        assert not any(c.startswith(("STREAM", "DATABASE DEL")) for c in call.commands)

    assert everything(scene) == before
    assert scene.journal() == {attempt_id: "placed"}
    assert run.exit_code() == 0
    assert scene.outcomes() == {number: "no_answer"}
    assert scene.mismatches() == []
    log = scene.lab.fastagi.log.read_text()
    for moment in ("answered", "ended", "sweep"):
        assert f"moment={moment} attempt={attempt_id} committed=no reason=forged" in log
    genuine = scene.lab.env()["OVERDUE_SECRET"]
    for shown in (log, run.log.read_text()):
        assert attempt_id in shown
        assert genuine not in shown
        assert token(genuine, attempt_id) not in shown


def test_the_same_words_with_the_token_are_believed(scene: Scene) -> None:
    """Else the test above would prove nothing."""
    scene.customers("61")
    scene.start_run(timing={"ring_seconds": RING_SECONDS})
    report("ended", attempt_id := ringing(scene), scene.lab.env()["OVERDUE_SECRET"])
    rows = scene.rows("SELECT state, outcome FROM overdue_attempt WHERE id = %s", attempt_id)
    assert rows == [{"state": "ended", "outcome": "delivered"}]


@pytest.mark.slow
def test_a_server_that_gets_another_secret_during_a_run_loses_nothing(scene: Scene) -> None:
    """It refuses every report: the dialplan plays, and the run reads the PBX's journal itself."""
    numbers = scene.customers("97", "61")
    run = scene.start_run(timing={"ring_seconds": RING_SECONDS})
    scene.wait_for_calls_up(2)
    scene.stop_fastagi()
    scene.lab.fastagi.start(
        [str(product.BIN / "fastagi-server"), "serve"],
        environment={**scene.lab.env(), "OVERDUE_SECRET": ANOTHER_SECRET},
    )
    try:
        assert wait_until(
            lambda: product.run(scene.lab, "fastagi-server", "health").returncode == 0, 10
        )
        assert run.exit_code() == 0
        assert scene.outcomes() == {numbers[0]: "delivered", numbers[1]: "no_answer"}
        assert scene.mismatches() == []
        (answered,) = [call for call in scene.calls() if call.answer_at]
        assert scene.heard_it_all(answered)
        assert len(scene.journal()) == 2
    finally:
        scene.stop_fastagi()
        scene.start_fastagi()

    scene.run()
    assert wait_until(lambda: scene.journal() == {}, 10)
    assert len(scene.calls()) == 2
