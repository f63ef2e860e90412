"""A customer who pays while his telephone rings hears no word of a debt."""

import os
import signal
from datetime import timedelta

import pytest

from lab.calls import CarrierCall
from lab.waiting import wait_until
from tests.e2e.scene import PAID_PROMPT, PROMPT, PROMPT_SECONDS, Scene

RINGS_4_SECONDS = "93"
PAYS = "UPDATE factura SET cerrado = 1 WHERE `id-afiliado` = %s"


def call_of(scene: Scene, number: str) -> CarrierCall:
    (call,) = [call for call in scene.calls() if call.number == number]
    return call


def hears(scene: Scene, call: CarrierCall, prompt: str) -> bool:
    """Whether a second of a prompt or more is in what the customer heard."""
    return scene.heard(call, prompt).coverage_seconds > 1


def pay(scene: Scene, number: str) -> None:
    (row,) = scene.rows("SELECT id FROM afiliados WHERE telefono = %s", number)
    scene.rows(PAYS, row["id"])


def test_who_pays_while_it_rings_is_thanked_and_who_does_not_is_told(scene: Scene) -> None:
    payer, debtor = scene.customers(RINGS_4_SECONDS, RINGS_4_SECONDS)
    run = scene.start_run()
    scene.wait_for_calls_up(2)
    pay(scene, payer)
    assert run.exit_code() == 0
    thanked, told = call_of(scene, payer), call_of(scene, debtor)
    assert (hears(scene, thanked, PAID_PROMPT), hears(scene, thanked, PROMPT)) == (True, False)
    assert (hears(scene, told, PAID_PROMPT), scene.heard_it_all(told)) == (False, True)
    assert scene.outcomes() == {payer: "paid_meanwhile", debtor: "delivered"}
    assert run.summary()["outcomes"] == {"paid_meanwhile": 1, "delivered": 1}
    rows = scene.rows("SELECT outbound_call_is_sent s, outbound_call_attempts a FROM afiliados")
    assert [(row["s"], row["a"]) for row in rows] == [(0, 1), (1, 1)]
    # He has been called today, whatever he owes tomorrow.
    scene.rows("UPDATE factura SET cerrado = 0")
    assert scene.run()["skipped"] == {"answered_today": 1, "already_sent": 1}


def test_without_a_thank_you_nothing_is_played(scene: Scene) -> None:
    (payer,) = scene.customers(RINGS_4_SECONDS)
    run = scene.start_run(paid_prompt=None)
    scene.wait_for_calls_up(1)
    scene.rows("UPDATE afiliados SET outbound_call = 0")
    assert run.exit_code() == 0
    call = call_of(scene, payer)
    assert not hears(scene, call, PROMPT)
    assert call.answered_seconds is not None
    assert call.answered_seconds < 1.5
    assert scene.outcomes() == {payer: "paid_meanwhile"}


@pytest.mark.slow
def test_the_server_dies_in_the_thank_you_and_the_dialplan_speaks_of_no_debt(scene: Scene) -> None:
    (payer,) = scene.customers(RINGS_4_SECONDS)
    run = scene.start_run()
    scene.wait_for_calls_up(1)
    pay(scene, payer)
    scene.wait_for_answered(1)
    (channel, *_) = scene.lab.pbx.cli("core show channels concise").split("!")
    assert wait_until(
        lambda: "OVERDUE_COURSE=paid" in scene.lab.pbx.cli(f"core show channel {channel}"), 5
    )
    for worker in scene.fastagi_workers():
        os.kill(worker, signal.SIGKILL)
    assert run.exit_code() == 0
    call = call_of(scene, payer)
    assert (hears(scene, call, PAID_PROMPT), hears(scene, call, PROMPT)) == (True, False)
    assert scene.outcomes() == {payer: "paid_meanwhile"}
    (row,) = scene.rows("SELECT played_by, heard_to_end FROM overdue_attempt")
    assert row == {"played_by": "dialplan", "heard_to_end": 1}


def test_while_the_database_hangs_the_message_comes_after_half_a_second(scene: Scene) -> None:
    """Promise 4: without a word of the database the claim's check stands."""
    (number,) = scene.customers(RINGS_4_SECONDS)
    run = scene.start_run()
    scene.wait_for_calls_up(1)
    pay(scene, number)
    scene.lab.database.process.signal(signal.SIGSTOP)
    try:
        scene.wait_for_ended(1)
    finally:
        scene.lab.database.process.signal(signal.SIGCONT)
    assert run.exit_code() == 0
    call = call_of(scene, number)
    assert scene.heard_it_all(call)
    assert scene.heard(call).offset_seconds == pytest.approx(0.6, abs=0.3)
    assert call.answer_at is not None
    over = call.end_at - call.answer_at - timedelta(seconds=PROMPT_SECONDS)
    assert over < timedelta(seconds=2)
    assert scene.outcomes() == {number: "delivered"}
