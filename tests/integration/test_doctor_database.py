"""The doctor's questions to a real database, as the account with the least rights."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from campaign.clock import SystemClock
from campaign.file import Campaign
from campaign.settings import DatabaseSettings
from campaign.store import grants
from campaign.store.migrate import available
from lab.database import NAME
from originator.doctor.database_side import look_at_database
from originator.doctor.finding import Finding, Verdict
from tests.integration.conftest import NOW, PASSWORD, Company

ACCOUNT = grants.Account("medico", "localhost")
LAST = max(available())
Look = Callable[..., dict[str, Finding]]


@pytest.fixture
def look(company: Company, server_socket: str) -> Iterator[Look]:
    """Look as the doctor does; the report by check."""
    administrator = DatabaseSettings("localhost", 0, server_socket, "root", "", NAME)
    wanted = grants.grants("application", ACCOUNT, NAME, [company.source])
    grants.apply(administrator, grants.pending(administrator, ACCOUNT, PASSWORD, wanted))
    company.sql("DELETE FROM overdue_run")

    def look(campaign: Campaign | None = company.campaign, **variables: str) -> dict[str, Finding]:
        environment = {
            "MYSQL_SOCKET": server_socket,
            "MYSQL_USER": ACCOUNT.user,
            "MYSQL_PASSWORD": PASSWORD,
            "MYSQL_DATABASE": NAME,
            **variables,
        }
        findings = list(look_at_database(environment, campaign, SystemClock()))
        report = {finding.check: finding for finding in findings}
        assert len(report) == len(findings)
        return report

    yield look
    company.sql(f"DROP USER {ACCOUNT.quoted}")


def not_ok(report: dict[str, Finding]) -> dict[str, Verdict]:
    return {
        check: finding.verdict
        for check, finding in report.items()
        if finding.verdict is not Verdict.OK
    }


def test_all_is_well_with_the_least_rights(look: Look) -> None:
    report = look()
    assert not_ok(report) == {}
    assert report.keys() == {
        "database", "tables", "company's tables", "grants", "clock", "last run"
    }  # fmt: skip
    assert "as medico@localhost" in report["database"].sentence


def test_a_migration_is_missing(look: Look, company: Company) -> None:
    company.sql("DELETE FROM overdue_migration WHERE version = %s", LAST)
    try:
        report = look()
    finally:
        company.sql(
            "INSERT INTO overdue_migration VALUES (%s, %s, '2026-11-20')", LAST, available()[LAST]
        )
    assert not_ok(report) == {"tables": Verdict.WRONG}
    assert available()[LAST] in report["tables"].sentence


@pytest.mark.parametrize(
    ("right", "also"),
    [
        ("INSERT ON overdue_attempt_note", {}),
        ("SELECT ON overdue_migration", {"tables": Verdict.WRONG}),
        ("UPDATE (outbound_call_is_sent) ON afiliados", {"company's tables": Verdict.WRONG}),
        ("SELECT ON factura", {"company's tables": Verdict.WRONG}),
    ],
)
def test_a_right_is_missing(
    look: Look, company: Company, right: str, also: dict[str, Verdict]
) -> None:
    company.sql(f"REVOKE {right} FROM {ACCOUNT.quoted}")
    report = look()
    assert not_ok(report) == {"grants": Verdict.WRONG, **also}
    assert right.split()[0] in report["grants"].sentence
    assert right.split()[-1] in report["grants"].sentence


@pytest.mark.parametrize(
    "right", ["DELETE ON afiliados", "UPDATE ON afiliados", f"SELECT ON {NAME}.*", "PROCESS ON *.*"]
)
def test_a_right_beyond_the_needed_is_a_warning(look: Look, company: Company, right: str) -> None:
    company.sql(f"GRANT {right} TO {ACCOUNT.quoted}")
    report = look()
    assert not_ok(report) == {"grants beyond": Verdict.WARNING}
    assert right.split()[0] in report["grants beyond"].sentence


def test_the_campaign_names_a_table_that_is_not_there(look: Look, company: Company) -> None:
    campaign = replace(company.campaign, source=replace(company.source, customers="nadie"))
    report = look(campaign)
    assert report["company's tables"].verdict is Verdict.WRONG
    assert report["clock"].verdict is Verdict.OK


def test_the_last_run_of_this_campaign(look: Look, company: Company) -> None:
    company.store.runs.start("01RVN000000000000000000001", company.campaign, company.source, NOW)
    company.store.runs.end("01RVN000000000000000000001", "our_mistake", NOW)
    other = replace(company.campaign, name="otra")
    company.store.runs.start("01RVN000000000000000000002", other, company.source, NOW)
    assert not_ok(look()) == {"last run": Verdict.WARNING}
    assert not_ok(look(other)) == {}


@pytest.mark.parametrize(
    "variables",
    [
        {"MYSQL_PASSWORD": "otra"},
        {"MYSQL_SOCKET": "", "MYSQL_SERVER": "127.0.0.1", "MYSQL_PORT": "1"},
        {"MYSQL_USER": ""},
    ],
)
def test_without_a_database_the_rest_is_not_checked(look: Look, variables: dict[str, str]) -> None:
    report = look(**variables)
    assert report.pop("database").verdict is Verdict.WRONG
    assert {finding.verdict for finding in report.values()} == {Verdict.NOT_CHECKED}
    assert report.keys() >= {"tables", "grants", "clock"}
