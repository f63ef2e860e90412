"""Who is called, how often and how fast, as the carrier saw it."""

import json
from datetime import datetime, timedelta

import pytest

from lab.calls import CarrierCall
from lab.customers import Customer, number
from lab.demo import ZONE
from lab.waiting import wait_until
from tests.e2e.scene import Scene

ANSWERS, HANGS_UP, BUSY, DEAD, CONGESTED = "00", "51", "60", "70", "80"
TINY_SPACING = {"spacing_minutes": 0.01, "after": {"busy": 0, "no_answer": 0}}


def today() -> str:
    return str(datetime.now(ZONE).day)


def called(scene: Scene) -> list[str]:
    """Numbers in the carrier's record, each as often as it was called."""
    return sorted(call.number for call in scene.calls())


def skipped(scene: Scene) -> dict[str, int]:
    """Reasons of a plan made now."""
    plan = json.loads(scene.ok("originator", "plan", scene.campaign(), "--json"))
    assert plan["selected"] == []
    reasons: dict[str, int] = plan["skipped"]
    return reasons


def test_only_those_who_are_due_are_called(scene: Scene) -> None:
    day = today()
    due = Customer("Debe", number(0, BUSY), day)
    scene.insert(
        [
            due,
            Customer("Ya pagó", number(1, ANSWERS), day, paid=1),
            Customer("Sin saldo", number(2, ANSWERS), day, balance=0),
            Customer("A favor", number(3, ANSWERS), day, balance=-5_000),
            Customer("Ya fue llamado", number(4, ANSWERS), day, sent=1),
            Customer("No marcado", number(5, ANSWERS), day, flag=0),
            Customer("Retirado", number(6, ANSWERS), day, active=0),
            Customer("Corte imposible", number(7, ANSWERS), "32"),
            Customer("Sin corte", number(8, ANSWERS), None),
            Customer("Corto", "300123450", day),
            Customer("De relleno", "3000000000", day),
            Customer("Fijo", "6012345678", day),
            Customer("Sin número", None, day),
        ]
    )
    summary = scene.run()
    assert called(scene) == [due.phone]
    assert summary["skipped"] == {
        "nothing_owed": 3,
        "already_sent": 1,
        "not_flagged": 1,
        "bad_cut_day": 2,
        "bad_number": 4,
        "outside_campaign": 1,
    }


@pytest.mark.skipif(datetime.now(ZONE).day >= 27, reason="every later cut day of the month is near")
def test_a_cut_that_is_far_away_is_not_called(scene: Scene) -> None:
    day = int(today())
    scene.insert(
        [
            Customer("Mañana", number(0, BUSY), str(day + 1)),
            Customer("Pasado mañana", number(1, ANSWERS), str(day + 2)),
        ]
    )
    assert scene.run()["skipped"] == {"not_due": 1}
    assert called(scene) == [number(0, BUSY)]


def test_who_pays_during_the_run_is_not_called(scene: Scene) -> None:
    first, second = scene.customers(ANSWERS, ANSWERS)
    campaign = scene.campaign({"trunk": {"max_calls": 1}})
    run = scene.start("originator", "run", campaign)
    assert wait_until(lambda: scene.calls_up() == 1, 20)
    scene.rows("UPDATE factura SET cerrado = 1")
    assert run.wait(30) == 0
    assert called(scene) == [first]
    (customer,) = scene.rows("SELECT * FROM afiliados WHERE telefono = %s", second)
    assert customer["outbound_call_attempts"] == 0


def test_two_customers_with_one_number_are_one_call(scene: Scene) -> None:
    shared = number(0, HANGS_UP)
    scene.insert([Customer("Ana", shared, today()), Customer("Luis", f"+57 {shared}", today())])
    summary = scene.run()
    assert called(scene) == [shared]
    assert summary["calls"] == 1
    assert skipped(scene) == {"answered_today": 2}


def test_one_person_with_two_numbers_is_one_call(scene: Scene) -> None:
    numbers = scene.customers(HANGS_UP, HANGS_UP)
    scene.rows("ALTER TABLE afiliados ADD cedula VARCHAR(20) DEFAULT '1.023.456'")
    scene.run(source={"person": "cedula"})
    (only,) = called(scene)
    assert only in numbers


def test_busy_waits_for_its_spacing_and_has_three_attempts_a_day(scene: Scene) -> None:
    (busy,) = scene.customers(BUSY)
    assert scene.run()["calls"] == 1
    assert scene.run()["skipped"] == {"spacing": 1}
    assert called(scene) == [busy]
    for calls in (2, 3, 3):
        scene.run(retry=TINY_SPACING, timing={"retry_wait_seconds": 0})
        assert called(scene) == [busy] * calls
    assert skipped(scene) == {"attempts_spent": 1}
    (customer,) = scene.rows("SELECT outbound_call_attempts FROM afiliados")
    assert customer["outbound_call_attempts"] == 3
    assert scene.mismatches() == []


def test_one_run_calls_the_busy_again_while_it_waits_for_retries(scene: Scene) -> None:
    busy, answers = scene.customers(BUSY, HANGS_UP)
    summary = scene.run(retry=TINY_SPACING, timing={"retry_wait_seconds": 10})
    assert summary["stop_reason"] == "done"
    assert called(scene) == sorted([busy] * 3 + [answers])
    assert scene.mismatches() == []


def test_who_answered_or_does_not_exist_is_not_called_again(scene: Scene) -> None:
    numbers = scene.customers(ANSWERS, HANGS_UP, DEAD, "71", "72", "62", CONGESTED)
    scene.run()
    scene.rows("UPDATE afiliados SET outbound_call_is_sent = 0")
    scene.run(retry=TINY_SPACING)
    assert called(scene) == sorted(numbers)
    assert skipped(scene) == {
        "answered_today": 2,
        "number_dead": 3,
        "declined_today": 1,
        "back_off": 1,
    }


def test_on_another_day_only_the_dead_number_stays_uncalled(scene: Scene) -> None:
    answers, dead, congested = scene.customers(HANGS_UP, DEAD, CONGESTED)
    scene.run()
    scene.rows(
        "UPDATE overdue_attempt SET claimed_at = claimed_at - INTERVAL 25 HOUR,"
        " dialing_at = dialing_at - INTERVAL 25 HOUR, ended_at = ended_at - INTERVAL 25 HOUR"
    )
    scene.run()
    assert called(scene) == sorted([answers, answers, dead, congested, congested])


def test_congestion_is_called_again_when_the_trunks_pause_would_be_over(scene: Scene) -> None:
    (congested,) = scene.customers(CONGESTED)
    scene.run()
    older = "UPDATE overdue_attempt SET ended_at = ended_at - INTERVAL %s SECOND"
    scene.rows(older, 40)
    assert scene.run()["skipped"] == {"back_off": 1}
    scene.rows(older, 21)
    assert scene.run()["calls"] == 1
    assert called(scene) == [congested, congested]


def test_limit_ends_the_run_and_the_next_one_goes_on(scene: Scene) -> None:
    numbers = scene.customers(*[BUSY] * 7)
    summary = scene.run("--limit", "3")
    assert (summary["calls"], summary["stop_reason"]) == (3, "limit_reached")
    assert len(called(scene)) == 3
    scene.run()
    assert called(scene) == sorted(numbers)


def test_calls_per_second_are_spread_evenly(scene: Scene) -> None:
    scene.customers(*[BUSY] * 20)
    scene.run(trunk={"calls_per_second": 5})
    invites = sorted(call.invite_at for call in scene.calls())
    assert len(invites) == 20
    # A tenth less than the second: a machine busy with other things delays single INVITEs.
    assert most_within(invites, timedelta(seconds=0.9)) <= 5
    # Slower than 1 call a second would prove nothing about 5.
    assert invites[-1] - invites[0] < timedelta(seconds=19)


def test_no_moment_holds_more_calls_than_the_trunk_has_channels(scene: Scene) -> None:
    scene.customers(*[HANGS_UP, "61"] * 5)
    scene.run(trunk={"max_calls": 3, "calls_per_second": 20}, timing={"ring_seconds": 2})
    calls = scene.calls()
    assert len(calls) == 10
    assert most_at_once(calls) == 3
    assert scene.mismatches() == []


def most_within(moments: list[datetime], window: timedelta) -> int:
    """The most of these sorted moments that any sliding window holds."""
    return max(
        sum(first <= moment < first + window for moment in moments[place:])
        for place, first in enumerate(moments)
    )


def most_at_once(calls: list[CarrierCall]) -> int:
    """The most calls that were up at once, from INVITE to end."""
    return max(
        sum(other.invite_at <= call.invite_at < other.end_at for other in calls) for call in calls
    )


def test_a_dead_number_is_followed_by_the_customers_next_one_in_the_same_run(
    scene: Scene,
) -> None:
    shared, dead, last = number(0, DEAD), number(1, DEAD), number(2, DEAD)
    ana, luis = number(3, HANGS_UP), number(4, HANGS_UP)
    scene.insert(
        [
            Customer("Ana", f"{shared} / {ana}", today()),
            Customer("Luis", f"+57 {shared} y {luis}", today()),
            Customer("Ninguno sirve", f"{dead}, {last}", today()),
        ]
    )
    scene.run()
    # Ana and Luis share a number: to the rules they are one person, who has answered.
    assert called(scene) in (sorted([shared, dead, last, one]) for one in (ana, luis))
    assert scene.mismatches() == []
    rows = scene.rows("SELECT number FROM overdue_bad_number")
    assert sorted(row["number"] for row in rows) == [f"57{n}" for n in (shared, dead, last)]
    spent = scene.rows("SELECT outbound_call_attempts AS n FROM afiliados ORDER BY id")
    assert sorted(row["n"] for row in spent) == [0, 0, 1]
    assert skipped(scene) == {"answered_today": 2, "number_dead": 1}
