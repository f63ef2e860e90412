"""The connection: a pool of PyMySQL connections, one transaction at a time on each."""

import select
import socket
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import pymysql
from dbutils.pooled_db import PooledDB
from pymysql.constants import CLIENT, ER
from pymysql.cursors import DictCursor, SSDictCursor

from campaign.errors import OverdueError
from campaign.settings import DatabaseSettings
from campaign.store.statements import statements

Row = dict[str, Any]

SUSPENDED_SECONDS = 15
"""An idle connection is closed by the server after this; the pool opens another when needed."""


STREAM_PAGE = 500
"""Rows of a stream that are handed over at once."""
STREAM_SECONDS = 600
"""How long the server may take before it answers: it goes through all customers and invoices."""


_ISOLATION = "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED"
_SQL_MODE = "sql_mode = 'STRICT_TRANS_TABLES,NO_ZERO_DATE,NO_ZERO_IN_DATE'"


class StoreError(OverdueError):
    """The database did not do what was asked; nothing was committed as far as we know."""


class DuplicateOpenError(StoreError):
    """A unique key refused a second open attempt."""


@contextmanager
def reaching(settings: DatabaseSettings) -> Iterator[None]:
    """StoreError when the block, which connects, fails."""
    try:
        yield
    except pymysql.MySQLError as error:
        raise StoreError(_sentence(settings, "cannot be reached", error)) from error
    except RuntimeError as error:
        # PyMySQL's own, which names the package that a way to log in needs and we do not bring.
        raise StoreError(
            f"{_named(settings)} wants the password of {settings.user} sent in a way that this"
            " program does not bring: let the server offer TLS, or install what is missing beside"
            f" this program ({error})"
        ) from error


def _named(settings: DatabaseSettings) -> str:
    return f"the database at {settings.socket or f'{settings.server}:{settings.port}'}"


def _sentence(settings: DatabaseSettings, what: str, error: pymysql.MySQLError) -> str:
    code, *rest = error.args or ("",)
    return f"{_named(settings)} {what}: {' '.join(str(r) for r in rest)} ({code})"


class Transaction:
    """Runs named statements inside one transaction."""

    def __init__(self, cursor: DictCursor) -> None:
        self._cursor = cursor
        self.abandoned = False

    def abandon(self) -> None:
        """Roll back when the block ends, in place of the commit."""
        self.abandoned = True

    def run(self, name: str, **values: object) -> int:
        """Run a statement of queries.sql; returns the number of rows it matched."""
        return self.run_sql(statements("queries.sql")[name], values)

    def run_many(self, name: str, rows: Sequence[Mapping[str, object]]) -> int:
        """Run an INSERT of queries.sql for many rows, as few statements as the server takes.

        Returns how many were written.
        """
        return self._cursor.executemany(statements("queries.sql")[name], rows) or 0

    def rows(self, name: str, **values: object) -> list[Row]:
        """The rows of a statement of queries.sql."""
        return self.rows_sql(statements("queries.sql")[name], values)

    def run_sql(self, sql: str, values: Mapping[str, object]) -> int:
        """Run a statement that the caller composed."""
        return self._cursor.execute(sql, dict(values))

    def rows_sql(self, sql: str, values: Mapping[str, object]) -> list[Row]:
        """The rows of a statement that the caller composed."""
        self._cursor.execute(sql, dict(values))
        return list(self._cursor.fetchall())


class Database:
    """A pool; its only verb is `transaction`."""

    def __init__(
        self, settings: DatabaseSettings, *, connections: int, lock_wait_seconds: int
    ) -> None:
        """``lock_wait_seconds``: how long a statement waits for a row that another holds."""
        where: dict[str, Any] = (
            # A socket needs no TLS, for which PyMySQL reads all CA certificates at each connect.
            {"unix_socket": settings.socket, "ssl_disabled": True}
            if settings.socket
            else {"host": settings.server, "port": settings.port}
        )
        self._settings = settings
        self._account: dict[str, Any] = {
            "user": settings.user,
            # PyMySQL takes text for Latin-1, while the server hashed what a UTF-8 client sent.
            "password": settings.password.encode(),
            "database": settings.database,
            "charset": "utf8mb4",
            "connect_timeout": 5,
            **where,
        }
        self._pool = PooledDB(
            pymysql,
            maxconnections=connections,
            maxcached=connections,
            blocking=True,
            reset=False,
            # It would ping under its lock, one thread after the other: see `_replace_if_broken`.
            ping=0,
            autocommit=False,
            # An UPDATE counts the rows that it matched: one that is repeated is no failure.
            client_flag=CLIENT.FOUND_ROWS,
            cursorclass=DictCursor,
            read_timeout=max(30, lock_wait_seconds + 5),
            write_timeout=30,
            setsession=[
                _ISOLATION,
                # A process that is suspended in mid-transaction loses its locks after so long.
                f"SET SESSION wait_timeout = {SUSPENDED_SECONDS:d},"
                f" innodb_lock_wait_timeout = {lock_wait_seconds:d}, {_SQL_MODE}",
            ],
            **self._account,
        )

    @contextmanager
    def transaction(self) -> Iterator[Transaction]:
        """Commit when the block ends, roll back when it raises; StoreError for the database's own.

        DuplicateOpenError where a unique key refused a row.
        """
        with reaching(self._settings):
            connection = self._pool.connection()
        try:
            with reaching(self._settings):
                _replace_if_broken(connection)
            # Past the pool, which runs a statement that failed again on a new connection: in the
            # middle of a transaction the first ones would be lost with the old one.
            session = connection.dbapi_connection
            with session.cursor() as cursor:
                transaction = Transaction(cursor)
                yield transaction
            if transaction.abandoned:
                session.rollback()
            else:
                session.commit()
        except pymysql.err.IntegrityError as error:
            _roll_back(connection)
            if error.args[0] == ER.DUP_ENTRY:
                raise DuplicateOpenError(f"refused as a duplicate: {error.args[1]}") from error
            raise StoreError(_sentence(self._settings, "refused a row", error)) from error
        except pymysql.MySQLError as error:
            _roll_back(connection)
            raise StoreError(_sentence(self._settings, "failed", error)) from error
        except BaseException:
            _roll_back(connection)
            raise
        finally:
            connection.close()

    def stream(self, sql: str, values: Mapping[str, object]) -> Iterator[list[Row]]:
        """The rows of one long SELECT as the server sends them, a page at a time.

        It has a connection of its own, which ends with the iterator, and with it what the server
        holds for it: read on at once, and keep the rows elsewhere if they are needed for longer.
        """
        with reaching(self._settings):
            connection: Any = pymysql.connect(
                cursorclass=SSDictCursor, read_timeout=STREAM_SECONDS, **self._account
            )
        cursor = connection.cursor()
        try:
            cursor.execute(_ISOLATION)
            cursor.execute(f"SET SESSION {_SQL_MODE}")
            cursor.execute(sql, dict(values))
            while rows := cursor.fetchmany(STREAM_PAGE):
                yield list(rows)
        except pymysql.MySQLError as error:
            raise StoreError(_sentence(self._settings, "failed", error)) from error
        finally:
            # Else the cursor would read to the end what nobody wants any more.
            if cursor._result is not None:
                cursor._result.unbuffered_active = False
            cursor.close()
            connection.close()

    def close(self) -> None:
        """Close the idle connections of the pool."""
        self._pool.close()


def _replace_if_broken(connection: Any) -> None:
    """Where the server has hung up while the connection was idle, open another.

    Nothing is asked over the wire: without autocommit the server begins by itself.
    """
    end = connection.dbapi_connection._sock
    if end is None or _has_input(end):
        _roll_back(connection)
        connection.dbapi_connection.ping(reconnect=False)


def _has_input(end: socket.socket) -> bool:
    """Nobody has asked anything: it is the end of the connection, or the reason for it."""
    waiting = select.poll()
    waiting.register(end, select.POLLIN)
    return bool(waiting.poll(0))


def _roll_back(connection: Any) -> None:
    # A connection that broke has rolled back on the server's side; the pool replaces it.
    with suppress(pymysql.MySQLError):
        connection.rollback()
