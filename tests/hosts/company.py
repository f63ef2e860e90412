"""The company's database on a host, and what the product wrote into it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pymysql

from lab import customers, database, records
from lab.calls import CarrierCall
from lab.customers import Customer
from lab.demo import ZONE
from lab.verify import find_mismatches
from lab.waiting import wait_until
from tests.hosts.machine import Machine

DELIVERED_AFTER = 2.0
CAMPAIGN = f"""\
campaign: cortes
law: none
prompt: es_MX/prueba
trunk: {{calls_per_second: 5, max_calls: 20}}
timing: {{ring_seconds: 15, call_seconds: 30, delivered_after_seconds: {DELIVERED_AFTER}}}
source: {{where: {{activo: 1, eliminar: 0}}}}
"""
_SCHEMA = Path(database.__file__).with_name("schema.sql")
_CALLED_SECONDS = 90


class Company:
    """Customers and attempts, seen by the administrator of the host's database."""

    def __init__(self, socket: Path) -> None:
        self._socket = socket

    @classmethod
    @contextmanager
    def on(cls, host: Machine, directory: Path) -> Iterator["Company"]:
        """Make the company's tables in the MariaDB of a host; the way there is an ssh tunnel."""
        host.run("mariadb", "-e", f"CREATE DATABASE {database.NAME}")
        host.run("mariadb", database.NAME, text=_SCHEMA.read_text())
        socket = directory / "mysql"
        tunnel = host.forward(socket, "/run/mysqld/mysqld.sock")
        try:
            yield cls(socket)
        finally:
            tunnel.kill()
            tunnel.wait()

    def customers(self, *endings: str, first: int = 0) -> list[str]:
        """Insert a customer due today for each ending of a number; returns the numbers."""
        numbers = [customers.number(first + place, end) for place, end in enumerate(endings)]
        today = str(datetime.now(ZONE).day)
        with self._connected() as connection:
            customers.insert(
                connection, [Customer(f"Cliente {number}", number, today) for number in numbers]
            )
        return numbers

    def wait_until_called(self, attempts: int) -> None:
        """Wait until there are so many attempts and all are final."""
        assert wait_until(lambda: self._final() == (attempts, 0), _CALLED_SECONDS), self._final()

    def mismatches(self, calls: Iterable[CarrierCall], delivered_after: float) -> list[str]:
        """Where the carrier's record and the database disagree."""
        with self._connected() as connection:
            return find_mismatches(calls, records.attempts(connection), delivered_after)

    def _final(self) -> tuple[int, int]:
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute("SELECT COUNT(*) - COUNT(is_open), COUNT(is_open) FROM overdue_attempt")
            final, still_open = cursor.fetchone() or (0, 0)
        return int(final), int(still_open)

    @contextmanager
    def _connected(self) -> "Iterator[pymysql.Connection[pymysql.cursors.Cursor]]":
        with pymysql.connect(
            unix_socket=str(self._socket), user="root", database=database.NAME, charset="utf8mb4"
        ) as connection:
            yield connection
