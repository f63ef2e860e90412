"""Our own tables: made once, in order, and again after an interruption."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from importlib import resources

import pymysql
import pytest
from pymysql.cursors import DictCursor

from campaign.settings import DatabaseSettings
from campaign.store import Store, StoreError, open_store
from campaign.store.migrate import available, migrate, pending, require_current
from campaign.store.statements import statements
from lab.database import NAME, Database
from tests.integration.conftest import FixedClock

ALL = list(available().values())


@pytest.fixture
def bare(server: Database, store: Store) -> Iterator[Store]:
    """A store without our tables."""
    server.reset()
    yield store
    server.reset()


def tables(admin: "pymysql.Connection[DictCursor]") -> set[str]:
    with admin.cursor() as cursor:
        cursor.execute("SHOW TABLES LIKE 'overdue%'")
        return {next(iter(row.values())) for row in cursor.fetchall()}


def test_versions_count_from_one_without_a_gap() -> None:
    assert list(available()) == list(range(1, len(ALL) + 1))


def test_an_empty_database_gets_all_of_it_once(
    bare: Store, admin: "pymysql.Connection[DictCursor]"
) -> None:
    assert pending(bare.database) == ALL
    with pytest.raises(StoreError, match="run `originator db migrate`"):
        require_current(bare.database)
    assert migrate(bare.database, FixedClock()) == ALL
    assert pending(bare.database) == []
    require_current(bare.database)
    assert tables(admin) == {
        "overdue_attempt",
        "overdue_attempt_note",
        "overdue_attempt_number",
        "overdue_bad_number",
        "overdue_campaign_day",
        "overdue_cycle",
        "overdue_cycle_customer",
        "overdue_do_not_call",
        "overdue_event",
        "overdue_inbound_call",
        "overdue_inbound_event",
        "overdue_migration",
        "overdue_promise",
        "overdue_run",
        "overdue_trunk",
        "overdue_wrong_number",
    }
    assert migrate(bare.database, FixedClock()) == []


def test_an_interrupted_migration_is_finished_by_the_next(
    bare: Store, admin: "pymysql.Connection[DictCursor]"
) -> None:
    migrate(bare.database, FixedClock())
    with admin.cursor() as cursor:
        cursor.execute("DROP TABLE overdue_attempt_note")
        cursor.execute("DROP TABLE overdue_trunk")
        cursor.execute("DELETE FROM overdue_migration")
    assert migrate(bare.database, FixedClock()) == ALL
    assert "overdue_attempt_note" in tables(admin)


def test_the_companys_tables_stay_as_they_were(
    bare: Store, admin: "pymysql.Connection[DictCursor]"
) -> None:
    def company() -> list[object]:
        with admin.cursor() as cursor:
            cursor.execute("SHOW CREATE TABLE afiliados")
            return list(cursor.fetchall())

    before = company()
    migrate(bare.database, FixedClock())
    assert company() == before


@pytest.mark.parametrize(
    ("rights", "denied"),
    [("SELECT, INSERT, UPDATE", "CREATE command denied"), ("", "Access denied")],
)
def test_a_missing_right_is_one_sentence(
    bare: Store,
    admin: "pymysql.Connection[DictCursor]",
    database_settings: DatabaseSettings,
    rights: str,
    denied: str,
) -> None:
    with admin.cursor() as cursor:
        cursor.execute("DROP USER IF EXISTS poor@localhost")
        cursor.execute("CREATE USER poor@localhost IDENTIFIED BY 'x'")
        if rights:
            cursor.execute(f"GRANT {rights} ON {NAME}.* TO poor@localhost")
    poor = replace(database_settings, user="poor", password="x")
    store = open_store(poor, connections=1, lock_wait_seconds=1)
    with pytest.raises(StoreError, match=denied) as refused:
        migrate(store.database, FixedClock())
    assert len(str(refused.value).splitlines()) == 1
    store.database.close()
    assert tables(admin) == set()


def test_nothing_that_only_mariadb_knows() -> None:
    """MySQL 8 has no RETURNING, no IF NOT EXISTS for columns, no `uuid` type and no sequences."""
    folder = resources.files("campaign.store").joinpath("migrations")
    text = "\n".join(file.read_text("utf-8") for file in folder.iterdir())
    text += "\n".join(statements("queries.sql").values())
    text += "\n".join(statements("company.sql").values())
    only = (
        r"\bRETURNING\b|\bSEQUENCE\b|\bNEXTVAL\b|\bPERSISTENT\b|\bUUID\b|\bINET[46]\b"
        r"|(COLUMN|INDEX|KEY) IF NOT EXISTS|\bCREATE OR REPLACE TABLE\b|\bENGINE=Aria\b"
        r"|\bWITH SYSTEM VERSIONING\b|\butf8mb4_(uca1400|nopad)\w*|\bWAIT \d|\bCAST\([^)]* AS INT\)"
    )
    assert re.findall(only, text, re.IGNORECASE) == []


def test_two_at_once_apply_each_migration_once(bare: Store) -> None:
    with ThreadPoolExecutor(2) as both:
        done = [both.submit(migrate, bare.database, FixedClock()) for _ in range(2)]
    assert sorted(future.result() for future in done) == [[], ALL]
