"""A message of recorded parts and spoken values, heard at the carrier part by part."""

from decimal import Decimal

from fastagi_server import spoken
from tests.e2e.scene import PROMPT, Scene


def test_the_amount_of_the_moment_is_heard(scene: Scene) -> None:
    (number,) = scene.customers("93")  # rings for 4 s
    run = scene.start_run(personal=[PROMPT, "{amount}"])
    scene.wait_for_calls_up(1)
    scene.rows("UPDATE factura SET saldo = 123400")
    assert run.exit_code() == 0
    parts = [PROMPT, *spoken.amount(Decimal(123400), "es_MX")]
    rows = scene.rows("SELECT detail FROM overdue_event WHERE kind = 'part' ORDER BY place")
    assert [row["detail"].partition("=")[0] for row in rows] == parts
    (call,) = scene.calls()
    assert scene.heard_it_all(call)
    assert [part for part in parts[1:] if scene.heard(call, part).score < 0.8] == []
    assert scene.outcomes() == {number: "delivered"}
