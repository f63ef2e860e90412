"""`why`, `numbers`, `reset-cycle`, `cycles` and `purge`, as an operator types them."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import click.testing
import pytest

from campaign.errors import OverdueError
from campaign.event import Event, EventKind
from campaign.heard import Heard
from campaign.journal import CallEnd, Course, Leg
from campaign.mask import mask_number
from campaign.settings import DatabaseSettings
from originator.cli import cli
from originator.commands.numbers import cell
from tests.integration.conftest import NOW, NUMBER, Company

SECOND = "573002000000"
DOES_NOT_EXIST = CallEnd(1, "SIP 404 Not Found", datetime.now(UTC), None, None)


class Operator:
    """Types commands; an error meant for him comes as its sentence."""

    def __init__(self, campaign: Path) -> None:
        self.campaign = str(campaign)

    def __call__(self, *arguments: str) -> str:
        done = click.testing.CliRunner().invoke(cli, arguments, catch_exceptions=False)
        assert done.exit_code == 0, done.output
        return done.stdout

    def json(self, *arguments: str) -> Any:
        return json.loads(self(*arguments, "--json"))

    def refused(self, *arguments: str) -> str:
        with pytest.raises(OverdueError) as error:
            self(*arguments)
        return str(error.value)


@pytest.fixture
def operator(
    company: Company,
    database_settings: DatabaseSettings,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> Operator:
    for name, value in {
        "MYSQL_SOCKET": database_settings.socket,
        "MYSQL_USER": database_settings.user,
        "MYSQL_PASSWORD": database_settings.password,
        "MYSQL_DATABASE": database_settings.database,
    }.items():
        monkeypatch.setenv(name, str(value))
    file = tmp_path / "cortes.yaml"
    file.write_text("campaign: cortes\nlaw: none\nsource: {where: {activo: 1}}\n")
    return Operator(file)


def due_customer(company: Company, telefono: str = NUMBER, **columns: object) -> str:
    """Due on every day of the year."""
    return company.customer(telefono, corte="1", **columns)


def test_why_says_that_he_may_be_called_and_shows_no_number(
    company: Company, operator: Operator
) -> None:
    one = due_customer(company, f"{NUMBER} / {SECOND}")
    text = operator("why", one, operator.campaign)
    assert "he may be called now" in text
    assert "57300***0000" in text
    assert NUMBER not in text
    assert NUMBER[2:] not in text
    told = operator.json("why", one, operator.campaign)
    assert (told["callable_now"], told["reason"], told["number"]) == (True, None, "57300***0000")
    assert {rule["against"] for rule in told["rules"]} == {None}


def test_why_names_every_rule_that_is_against_him_in_both_languages(
    company: Company, operator: Operator
) -> None:
    one = due_customer(company, outbound_call=0, activo=0)
    company.sql("UPDATE factura SET cerrado = 1")
    told = operator.json("why", one, operator.campaign)
    against = [rule["against"] for rule in told["rules"] if rule["against"]]
    assert against == ["outside_campaign", "not_flagged", "nothing_owed"]
    assert (told["reason"], told["next_moment"]) == ("outside_campaign", None)
    text = operator("why", one, operator.campaign)
    assert "owes nothing (no debe nada)" in text
    assert "waiting alone does not change that" in text


def test_why_finds_the_next_lawful_moment_after_a_call(
    company: Company, operator: Operator
) -> None:
    one = due_customer(company)
    ended = datetime.now(UTC) - timedelta(minutes=10)
    attempt_id = company.dialing(one)
    company.store.calls.record_end(attempt_id, CallEnd(17, "SIP 486", ended, None, None))
    company.sql("UPDATE overdue_attempt SET claimed_at = %s, ended_at = %s", ended, ended)
    company.sql("UPDATE overdue_attempt_number SET claimed_at = %s", ended)
    told = operator.json("why", one, operator.campaign)
    assert told["reason"] == "spacing"
    moment = datetime.fromisoformat(told["next_moment"])
    assert abs(moment - ended - timedelta(hours=1)) < timedelta(seconds=1)
    assert "the next lawful moment is" in operator("why", one, operator.campaign)


@pytest.mark.parametrize("key", ["999999", "1b", "' OR 1=1"])
def test_why_nobody(company: Company, operator: Operator, key: str) -> None:
    company.sql("ALTER TABLE afiliados AUTO_INCREMENT = 1")
    due_customer(company)
    assert "has no customer whose id is" in operator.refused("why", key, operator.campaign)


def test_bad_numbers_are_listed_with_who_has_them_until_they_are_cleaned_or_taken_back(
    company: Company, operator: Operator
) -> None:
    one, two = due_customer(company), due_customer(company, f"+57 {SECOND[2:]} y {NUMBER[2:]}")
    company.store.calls.record_end(company.dialing(one), DOES_NOT_EXIST)
    (row,) = operator.json("numbers", "bad", operator.campaign)
    assert (row["number"], row["outcome"], row["customers"]) == (
        NUMBER, "does_not_exist", [one, two],
    )  # fmt: skip
    lines = list(
        csv.DictReader(io.StringIO(operator("numbers", "bad", operator.campaign, "--csv")))
    )
    assert [(line["customer"], line["number"]) for line in lines] == [(one, NUMBER), (two, NUMBER)]
    assert f"customers: {one}, {two}" in operator("numbers", "bad", operator.campaign)
    company.sql("UPDATE afiliados SET telefono = '' WHERE id = %s", one)
    (row,) = operator.json("numbers", "bad", operator.campaign)
    assert row["customers"] == [two]
    assert "may be called again" in operator("numbers", "good", "300 100 0000")
    assert operator.json("numbers", "bad", operator.campaign) == []
    assert "nothing was changed" in operator("numbers", "good", NUMBER)


def test_a_key_is_no_formula_in_the_spreadsheet() -> None:
    assert [cell(key) for key in ("7", "=1+1", "@x", "-3")] == ["7", "'=1+1", "'@x", "'-3"]


def test_reset_cycle_says_what_it_would_do_then_does_it_once_a_month(
    company: Company, operator: Operator
) -> None:
    reached = due_customer(company, outbound_call_is_sent=1, outbound_call_attempts=2)
    in_vain = due_customer(company, SECOND, outbound_call_attempts=3)
    before = company.sql("SELECT * FROM afiliados")
    text = operator("reset-cycle", operator.campaign)
    assert "2 would be reset" in text
    assert "1 whom this cycle did not reach would be archived" in text
    assert "nothing was changed" in text
    assert company.sql("SELECT * FROM afiliados") == before
    told = operator.json("reset-cycle", operator.campaign, "--yes")
    assert told == {"done": True, "customers": 2, "reset": 2, "unfinished": 1}
    assert company.billing(reached) == company.billing(in_vain) == (0, 0, None)
    refusal = operator.refused("reset-cycle", operator.campaign, "--yes")
    assert "was reset this month already" in refusal
    operator("reset-cycle", operator.campaign, "--yes", "--again")
    newest, oldest = operator.json("cycles")
    assert (newest["customers_archived"], oldest["customers_archived"]) == (2, 1)
    assert operator.json("cycles", str(oldest["id"])) == [{"customer_id": in_vain, "attempts": 3}]
    assert operator("cycles", str(oldest["id"]), "--csv").splitlines()[1] == f"{in_vain},3"
    assert "cortes" in operator("cycles")


def test_reset_cycle_goes_on_with_an_interrupted_one(company: Company, operator: Operator) -> None:
    due_customer(company, outbound_call_attempts=1)
    cycle_id = company.store.cycles.begin(company.source, "cortes", datetime.now(UTC))
    told = operator.json("reset-cycle", operator.campaign, "--yes")
    assert told["reset"] == 1
    (cycle,) = operator.json("cycles")
    assert cycle["id"] == cycle_id
    assert cycle["finished_at"] is not None


def test_reset_cycle_waits_for_calls_that_are_not_settled(
    company: Company, operator: Operator
) -> None:
    company.claimed(due_customer(company, outbound_call_attempts=1))
    assert "1 calls" in operator.refused("reset-cycle", operator.campaign, "--yes")
    assert company.sql("SELECT SUM(outbound_call_attempts) AS n FROM afiliados")[0]["n"] == 1


def test_purge_says_what_it_would_remove_then_removes_it(
    company: Company, operator: Operator
) -> None:
    company.store.calls.record_end(company.dialing("1"), DOES_NOT_EXIST)
    old = datetime.now(UTC) - timedelta(days=100)
    company.sql("UPDATE overdue_attempt SET claimed_at = %s", old)
    for older_than, attempts in (("101d", 0), ("99d", 1)):
        assert operator.json("purge", "--older-than", older_than)["attempts"] == attempts
    assert "would be removed" in operator("purge", "--older-than", "99d")
    operator("purge", "--older-than", "99d", "--yes")
    assert company.sql("SELECT * FROM overdue_attempt") == []
    assert [row["number"] for row in operator.json("numbers", "bad", operator.campaign)] == [NUMBER]


@pytest.mark.parametrize("age", ["61d", "0d", "400", "400h", "-400d", "1e9d", ""])
def test_purge_keeps_what_the_rules_look_back_on(operator: Operator, age: str) -> None:
    done = click.testing.CliRunner().invoke(cli, ["purge", f"--older-than={age}", "--yes"])
    assert done.exit_code == 2
    assert "62d" in done.stderr


def test_history_in_each_form(operator: Operator, company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.meet(attempt_id)
    events = (Event(EventKind.PATH, "message", 0.0), Event(EventKind.KEY, "5", 2.25))
    leg = Leg(4.0, finished=True, keys="5@2.25", by="agi")
    company.store.calls.record_heard(attempt_id, Heard(Course.ANNOUNCEMENT, leg, events))
    (call,) = operator.json("history", str(customer))
    assert (call["attempt"], call["number"]) == (attempt_id, mask_number(NUMBER))
    assert call["events"][1] == {"at_seconds": "2.25", "kind": "key", "detail": "5"}
    lines = list(csv.DictReader(io.StringIO(operator("history", str(customer), "--csv"))))
    assert [(line["kind"], line["detail"]) for line in lines] == [("path", "message"), ("key", "5")]
    told = operator("history", str(customer))
    assert "4.00 s of the message" in told
    assert told.endswith("1 call\n")
    assert NUMBER not in told
    assert operator("history", "nobody") == "0 calls\n"


def test_history_shows_calls_back_beside_the_attempts(operator: Operator, company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    found = company.store.inbound.recognise(NUMBER, NOW + timedelta(hours=1))
    assert found is not None
    events = (Event(EventKind.KEY, "9", 2.25),)
    leg = Leg(4.0, finished=True, keys="9@2.25", by="agi")
    company.store.inbound.record(found.call_id, Heard(Course.ANNOUNCEMENT, leg, events))
    calls = operator.json("history", customer)
    assert [(call["attempt"], call["direction"]) for call in calls] == [
        (attempt_id, "to"),
        (found.call_id, "from"),
    ]
    assert calls[1]["events"] == [{"at_seconds": "2.25", "kind": "key", "detail": "9"}]
    told = operator("history", customer)
    assert f"from {mask_number(NUMBER)}, pruebas: rang_back, 4.00 s" in told
    assert NUMBER not in told
