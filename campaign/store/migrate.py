"""Numbered migrations of our own tables; each runs once, in order."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources

from campaign.clock import Clock
from campaign.store.database import Database, StoreError, Transaction
from campaign.store.times import to_database

_CREATE = """CREATE TABLE IF NOT EXISTS overdue_migration (
  version INT NOT NULL PRIMARY KEY, name VARCHAR(128) NOT NULL, applied_at DATETIME(3) NOT NULL
) ENGINE=InnoDB DEFAULT CHARSET=utf8mb4"""


_LOCK_SECONDS = 60
"""How long a second `db migrate` waits for the first."""


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
    """Apply what is pending, one process at a time; returns the file names.

    MySQL commits each statement by itself.
    """
    with database.transaction() as transaction, _alone(transaction):
        transaction.run_sql(_CREATE, {})
        applied = _applied(transaction)
        waiting = {v: name for v, name in available().items() if v not in applied}
        for version, name in waiting.items():
            for statement in _statements(name):
                transaction.run_sql(statement, {})
            transaction.run_sql(
                "INSERT INTO overdue_migration VALUES (%(version)s, %(name)s, %(now)s)",
                {"version": version, "name": name, "now": to_database(clock.now())},
            )
    return list(waiting.values())


def require_current(database: Database) -> None:
    """Raise StoreError when our tables are missing or of another version."""
    if waiting := pending(database):
        raise StoreError(
            f"our tables are not up to date ({', '.join(waiting)}): run `originator db migrate`"
        )


@contextmanager
def _alone(transaction: Transaction) -> Iterator[None]:
    """Hold a lock of the server, which outlives the commits; its name has at most 64 characters."""
    values = {"seconds": _LOCK_SECONDS}
    lock = "CONCAT(LEFT(DATABASE(), 40), '.overdue_migrate')"
    if (
        transaction.rows_sql(f"SELECT GET_LOCK({lock}, %(seconds)s) AS mine", values)[0]["mine"]
        != 1
    ):
        raise StoreError("another `originator db migrate` is at work: wait for its end")
    try:
        yield
    finally:
        transaction.rows_sql(f"SELECT RELEASE_LOCK({lock})", {})


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
