"""What each account of the database may do: as little as it needs, statement by statement.

GRANT and SHOW GRANTS are the same in MariaDB and MySQL; neither knows a pattern for table names,
so each of our tables is named.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import resources
from typing import Literal

import pymysql

from campaign.errors import OverdueError
from campaign.settings import DatabaseSettings
from campaign.source import Source
from campaign.store.database import Database, reaching
from campaign.store.identifiers import quoted
from campaign.store.migrate import available
from campaign.store.privileges import Privileges

Rights = Literal["application", "migrations", "reports"]
"""application: both programs; migrations: `originator db migrate`; reports: people who look."""

_MIGRATION_TABLE = "overdue_migration"
_CREATED = re.compile(r"^CREATE TABLE IF NOT EXISTS (overdue_\w+)", re.MULTILINE)
_LOGIN_REFUSED = (1044, 1045, 1130, 1698)
"""ER_DBACCESS_DENIED_ERROR, ER_ACCESS_DENIED_ERROR, ER_HOST_NOT_PRIVILEGED,
ER_ACCESS_DENIED_NO_PASSWORD_ERROR."""


class AccountError(OverdueError):
    """An account's name is not one."""


@dataclass(frozen=True)
class Statement:
    """One statement; what it says can be shown, its values are secrets."""

    sql: str
    values: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class Account:
    """An account of the database, as ``user@host``."""

    user: str
    host: str

    @classmethod
    def parse(cls, text: str) -> "Account":
        """Read ``user@host``; raises AccountError."""
        found = re.fullmatch(r"([A-Za-z0-9_.-]{1,32})@([A-Za-z0-9_.:%/-]{1,255})", text)
        if found is None:
            raise AccountError(
                f"{text} is no account: write user@host, as dialer@localhost or dialer@10.0.0.%"
            )
        return cls(found[1], found[2])

    @property
    def quoted(self) -> str:
        """As SQL names it."""
        return f"'{self.user}'@'{self.host}'"


def our_tables() -> list[str]:
    """Every table that the migrations make, in their order."""
    folder = resources.files("campaign.store").joinpath("migrations")
    texts = [folder.joinpath(name).read_text("utf-8") for name in available().values()]
    return list(dict.fromkeys(table for text in texts for table in _CREATED.findall(text)))


def grants(rights: Rights, account: Account, database: str, sources: Iterable[Source]) -> list[str]:
    """The statements, in an order in which they can be run; ``sources``: of the campaigns.

    `migrations` first: the other two name tables that it makes.
    """
    privileges: dict[str, str] = {}
    if rights == "migrations":
        for table in (_MIGRATION_TABLE, *our_tables()):
            privileges[table] = "SELECT, INSERT, UPDATE, DELETE, CREATE, ALTER, INDEX, REFERENCES"
    elif rights == "reports":
        for table in our_tables():
            privileges[table] = "SELECT"
    else:
        privileges[_MIGRATION_TABLE] = "SELECT"
        for table in our_tables():
            privileges[table] = "SELECT, INSERT, UPDATE, DELETE"
        for source in sources:
            written = (source.flag, source.sent, source.attempts, source.completed_at)
            columns = ", ".join(quoted(column) for column in dict.fromkeys(written))
            privileges[source.invoices] = "SELECT"
            privileges[source.customers] = f"SELECT, UPDATE ({columns})"
    return [
        f"GRANT {what} ON {quoted(database)}.{quoted(table)} TO {account.quoted}"
        for table, what in privileges.items()
    ]


def pending(
    administrator: DatabaseSettings, account: Account, password: str, wanted: Iterable[str]
) -> list[Statement]:
    """What the account lacks of ``wanted``, ready to be run; raises StoreError."""
    if not _can_log_in(administrator, account, password):
        # CREATE does nothing where the account exists with another password.
        changes = [
            Statement(f"{verb} {account.quoted} IDENTIFIED BY %(password)s", {"password": password})
            for verb in ("CREATE USER IF NOT EXISTS", "ALTER USER")
        ]
        return changes + [Statement(grant) for grant in wanted]
    with _opened(administrator) as database, database.transaction() as transaction:
        rows = transaction.rows_sql(f"SHOW GRANTS FOR {account.quoted}", {})
    held = Privileges.of(line for row in rows for line in row.values())
    return [Statement(grant) for grant in wanted if not held.cover(Privileges.of([grant]))]


def apply(administrator: DatabaseSettings, statements: Iterable[Statement]) -> None:
    """Run them; raises StoreError."""
    with _opened(administrator) as database, database.transaction() as transaction:
        for statement in statements:
            transaction.run_sql(statement.sql, statement.values)


@contextmanager
def _opened(settings: DatabaseSettings) -> Iterator[Database]:
    database = Database(settings, connections=1, lock_wait_seconds=5)
    try:
        yield database
    finally:
        database.close()


def _can_log_in(administrator: DatabaseSettings, account: Account, password: str) -> bool:
    with reaching(administrator):
        try:
            connection = pymysql.connect(
                **(
                    {"unix_socket": administrator.socket}
                    if administrator.socket
                    else {"host": administrator.server, "port": administrator.port}
                ),
                user=account.user,
                password=password.encode(),
                connect_timeout=5,
            )
        except pymysql.err.OperationalError as error:
            if error.args[0] in _LOGIN_REFUSED:
                return False
            raise
    connection.close()
    return True
