"""What customers decide with a key, from the key to the next selection."""

import json

import pytest

from campaign.flow_sections import Promise
from tests.e2e.scene import Row, Scene

TRY_AGAIN = {"spacing_minutes": 0}


def only_event(scene: Scene, kind: str) -> Row:
    (row,) = scene.rows("SELECT * FROM overdue_event WHERE kind = %s", kind)
    return row


def the_day_is_over(scene: Scene, days: int = 1) -> None:
    for table, columns in {
        "overdue_attempt": ("claimed_at", "ended_at"),
        "overdue_attempt_number": ("claimed_at",),
        "overdue_promise": ("made_on", "promised_day", "calls_from"),
    }.items():
        sets = ", ".join(f"{column} = {column} - INTERVAL {days} DAY" for column in columns)
        scene.rows(f"UPDATE {table} SET {sets}")  # noqa: S608 (our own names)


def test_nine_twice_is_in_force_for_every_campaign_at_once(scene: Scene) -> None:
    (number,) = scene.customers("85")
    scene.customers("85")  # the same number, another customer
    scene.run()
    assert scene.outcomes() == {number: "opted_out"}
    assert len(scene.calls()) == 1
    call = scene.calls()[0]
    assert scene.heard(call, "es_MX/dnc_done").score > 0.8
    assert only_event(scene, "dnc")["detail"] == "stored"
    other = scene.run(campaign="otra", retry=TRY_AGAIN)
    assert other["skipped"] == {"already_sent": 1, "do_not_call": 1}
    assert len(scene.calls()) == 1
    assert "key" in scene.ok("originator", "dnc", "list", number)


@pytest.mark.slow
def test_one_nine_alone_is_no_wish_and_the_message_goes_on(scene: Scene) -> None:
    (number,) = scene.customers("91")
    scene.run()
    assert scene.outcomes() == {number: "delivered"}
    assert scene.rows("SELECT * FROM overdue_do_not_call") == []


@pytest.mark.slow
def test_eight_uses_the_number_no_longer_and_tries_the_next_one_on_another_day(
    scene: Scene,
) -> None:
    scene.customers("84", phone="3001230084 / 3001230000")
    scene.run()
    assert scene.outcomes() == {"3001230084": "wrong_person"}
    again = scene.run(retry=TRY_AGAIN)
    assert again["skipped"] == {"answered_today": 1}
    listed = scene.ok("originator", "numbers", "bad", scene.campaign(), "--json")
    assert [row["outcome"] for row in json.loads(listed)] == ["wrong_person"]
    the_day_is_over(scene)
    scene.run()
    assert scene.outcomes()["3001230000"] == "delivered"


@pytest.mark.slow
def test_a_promise_holds_calls_back_and_is_broken_when_its_time_is_over(scene: Scene) -> None:
    (number,) = scene.customers("86")
    scene.run()
    assert scene.outcomes() == {number: "promised"}
    (call,) = scene.calls()
    assert scene.heard(call, "es_MX/promise_thanks").score > 0.8
    the_day_is_over(scene)
    assert scene.run()["skipped"] == {"promised": 1}
    assert promises(scene) == ["open"]
    the_day_is_over(scene, 2 + Promise().grace_days)
    scene.run()
    assert promises(scene)[-1] == "broken"
    assert len(scene.calls()) == 2, "who broke it is called again"


@pytest.mark.slow
def test_a_promise_is_kept_when_the_invoice_is_paid(scene: Scene) -> None:
    scene.customers("86")
    scene.run()
    scene.rows("UPDATE factura SET cerrado = 1")
    assert promises(scene) == ["kept"]


def promises(scene: Scene) -> list[str]:
    listed = scene.ok("originator", "promises", scene.campaign(), "--json")
    return [row["state"] for row in json.loads(listed)]
