"""Accounts with the rights that each needs, as the database itself sees them."""

from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from campaign.settings import DatabaseSettings
from campaign.source import Source
from campaign.store import StoreError, customers, grants
from campaign.store.database import Database
from campaign.store.migrate import migrate, require_current
from lab.database import NAME
from tests.integration.conftest import Company, FixedClock

ACCOUNT = grants.Account("quien", "localhost")
PASSWORD = "con-ñ-'\"\\$"
Admin = "pymysql.Connection[DictCursor]"
Open = Callable[[grants.Rights], Database]


@pytest.fixture
def administrator(server_socket: str) -> DatabaseSettings:
    return DatabaseSettings("localhost", 0, server_socket, "root", "", NAME)


@pytest.fixture
def as_account(company: Company, admin: Admin, administrator: DatabaseSettings) -> Iterator[Open]:
    """Open the database as an account that was given these rights."""
    opened = []

    def open_it(rights: grants.Rights) -> Database:
        wanted = grants.grants(rights, ACCOUNT, NAME, [company.source])
        grants.apply(administrator, grants.pending(administrator, ACCOUNT, PASSWORD, wanted))
        assert grants.pending(administrator, ACCOUNT, PASSWORD, wanted) == []
        settings = replace(administrator, user=ACCOUNT.user, password=PASSWORD)
        opened.append(Database(settings, connections=1, lock_wait_seconds=1))
        return opened[-1]

    yield open_it
    for database in opened:
        database.close()
    with admin.cursor() as cursor:
        cursor.execute(f"DROP USER IF EXISTS {ACCOUNT.quoted}")


def try_to(database: Database, sql: str) -> None:
    with database.transaction() as transaction:
        transaction.run_sql(sql, {})
        transaction.abandon()


def test_the_application_can_do_what_a_run_checks_first(as_account: Open) -> None:
    database = as_account("application")
    require_current(database)
    customers.probe(database, Source())


@pytest.mark.parametrize("table", grants.our_tables())
def test_the_application_writes_our_tables(as_account: Open, table: str) -> None:
    try_to(as_account("application"), f"DELETE FROM {table} WHERE 1 = 0")  # noqa: S608


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE afiliados SET telefono = '1'",
        "UPDATE factura SET saldo = 0",
        "DELETE FROM afiliados",
        "ALTER TABLE afiliados ADD COLUMN x INT",
        "DROP TABLE overdue_run",
        "INSERT INTO overdue_migration VALUES (99, 'x', '2026-01-01')",
    ],
)
def test_the_application_can_do_nothing_else(as_account: Open, sql: str) -> None:
    with pytest.raises(StoreError, match="denied"):
        try_to(as_account("application"), sql)


def test_migrations_make_our_tables_from_nothing(
    as_account: Open, company: Company, admin: Admin
) -> None:
    database = as_account("migrations")
    with admin.cursor() as cursor:
        cursor.execute("SET FOREIGN_KEY_CHECKS = 0")
        for table in ("overdue_migration", *grants.our_tables()):
            cursor.execute(f"DROP TABLE {table}")
        cursor.execute("SET FOREIGN_KEY_CHECKS = 1")
    assert migrate(database, FixedClock())
    require_current(database)


@pytest.mark.parametrize("rights", ["migrations", "reports"])
def test_the_others_see_nothing_of_the_company(as_account: Open, rights: grants.Rights) -> None:
    with pytest.raises(StoreError, match="denied"):
        try_to(as_account(rights), "SELECT 1 FROM afiliados")


def test_reports_read_and_write_nothing(as_account: Open) -> None:
    database = as_account("reports")
    for table in grants.our_tables():
        try_to(database, f"SELECT 1 FROM {table}")  # noqa: S608
    with pytest.raises(StoreError, match="denied"):
        try_to(database, "UPDATE overdue_run SET host = ''")


def test_what_was_taken_from_an_account_comes_back(
    as_account: Open, company: Company, admin: Admin, administrator: DatabaseSettings
) -> None:
    as_account("reports")
    with admin.cursor() as cursor:
        cursor.execute(f"REVOKE SELECT ON {NAME}.overdue_run FROM {ACCOUNT.quoted}")  # noqa: S608
    wanted = grants.grants("reports", ACCOUNT, NAME, [])
    lacking = grants.pending(administrator, ACCOUNT, PASSWORD, wanted)
    assert [statement.sql for statement in lacking] == [
        f"GRANT SELECT ON `{NAME}`.`overdue_run` TO 'quien'@'localhost'"
    ]


def test_another_password_is_set(as_account: Open, administrator: DatabaseSettings) -> None:
    as_account("reports")
    lacking = grants.pending(administrator, ACCOUNT, "otra", [])
    grants.apply(administrator, lacking)
    assert grants.pending(administrator, ACCOUNT, "otra", []) == []
    assert "otra" not in repr(lacking)


@pytest.mark.parametrize("text", ["quien", "quien@", "qui'en@localhost", "a@b'; DROP USER root"])
def test_what_is_no_account_is_refused(text: str) -> None:
    with pytest.raises(grants.AccountError, match="user@host"):
        grants.Account.parse(text)
