"""Numbered migrations of our own tables; each runs once, in order."""

import re
from importlib import resources

from campaign.clock import Clock
from campaign.store.database import Database, StoreError, Transaction
from campaign.store.times import to_database

_CREATE = """CREATE TABLE IF NOT EXISTS overdue_migration (
  version INT NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL, applied_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"""


def available() -> dict[int, str]:
    """The migrations that this version ships: number to file name."""
    found = {}
    for file in resources.files("campaign.store").joinpath("migrations").iterdir():
        if match := re.fullmatch(r"(\d{4})_\w+\.sql", file.name):
            found[int(match[1])] = file.name
    return dict(sorted(found.items()))


def pending(database: Database) -> list[str]:
    """File names of the migrations that this database has not had."""
    with database.transaction() as transaction:
        applied = _applied(transaction)
    return [name for version, name in available().items() if version not in applied]


def migrate(database: Database, clock: Clock) -> list[str]:
    """Apply what is pending; returns the file names. MySQL commits each statement by itself."""
    done = []
    with database.transaction() as transaction:
        transaction.run_sql(_CREATE, {})
        applied = _applied(transaction)
        for version, name in available().items():
            if version in applied:
                continue
            for statement in _statements(name):
                transaction.run_sql(statement, {})
            transaction.run_sql(
                "INSERT INTO overdue_migration VALUES (%(version)s, %(name)s, %(now)s)",
                {"version": version, "name": name, "now": to_database(clock.now())},
            )
            done.append(name)
    return done


def require_current(database: Database) -> None:
    """Raise StoreError when our tables are missing or of another version."""
    if waiting := pending(database):
        raise StoreError(
            f"our tables are not up to date ({', '.join(waiting)}): run `originator db migrate`"
        )


def _applied(transaction: Transaction) -> set[int]:
    if not transaction.rows_sql("SHOW TABLES LIKE 'overdue\\_migration'", {}):
        return set()
    return {
        row["version"] for row in transaction.rows_sql("SELECT version FROM overdue_migration", {})
    }


def _statements(name: str) -> list[str]:
    text = resources.files("campaign.store").joinpath("migrations", name).read_text("utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("--")]
    return [part.strip() for part in "\n".join(lines).split(";\n") if part.strip(" \n;")]
