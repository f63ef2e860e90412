"""The company's database on a host, and what the product wrote into it."""

from collections.abc import Iterable, Iterator, Sequence
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
trunks: [{{technology: PJSIP, name: voip_issabel, calls_per_second: 5, max_calls: 20}}]
timing: {{ring_seconds: 15, call_seconds: 30, delivered_after_seconds: {DELIVERED_AFTER}}}
source: {{where: {{activo: 1, eliminar: 0}}}}
"""
_SCHEMA = Path(database.__file__).with_name("schema.sql")
_SERVER_SOCKET = "/run/mysqld/mysqld.sock"
_CALLED_SECONDS = 90


class Company:
    """Customers and attempts, seen by the administrator of the host's database."""

    def __init__(self, host: Machine, socket: Path) -> None:
        """``socket``: where the database is reached, through ssh."""
        self._host = host
        self._socket = socket
        self._tunnel = host.forward(socket, _SERVER_SOCKET)

    @classmethod
    @contextmanager
    def on(cls, host: Machine, directory: Path, client: str = "mariadb") -> Iterator["Company"]:
        """Make the company's tables in the database of a host; ``client``: its command."""
        host.run(client, "-e", f"CREATE DATABASE {database.NAME}")
        host.run(client, database.NAME, text=_SCHEMA.read_text())
        company = cls(host, directory / "mysql")
        try:
            yield company
        finally:
            company._tunnel.kill()
            company._tunnel.wait()

    def customers(self, *endings: str, first: int = 0) -> list[str]:
        """Insert a customer due today for each ending of a number; returns the numbers."""
        numbers = [customers.number(first + place, end) for place, end in enumerate(endings)]
        today = str(datetime.now(ZONE).day)
        with self._connected() as connection:
            customers.insert(
                connection, [Customer(f"Cliente {number}", number, today) for number in numbers]
            )
        return numbers

    def wait_until_called(self, numbers: Sequence[str], seconds: float = _CALLED_SECONDS) -> None:
        """Wait until each of these national numbers has an attempt, and all are final."""
        wanted = (len(numbers), 0)
        assert wait_until(lambda: self._attempted(numbers) == wanted, seconds), self._attempted(
            numbers
        )

    def wait_for_open(self, numbers: Sequence[str], attempts: int) -> None:
        """Wait until so many attempts at these numbers are under way."""
        assert wait_until(lambda: self._attempted(numbers)[1] >= attempts, _CALLED_SECONDS)

    def reconnect(self) -> None:
        """Reach the database again after its host was rebooted."""
        self._tunnel.kill()
        self._tunnel.wait()
        self._tunnel = self._host.forward(self._socket, _SERVER_SOCKET)

    def mismatches(self, calls: Iterable[CarrierCall], delivered_after: float) -> list[str]:
        """Where the carrier's record and the database disagree."""
        with self._connected() as connection:
            return find_mismatches(calls, records.attempts(connection), delivered_after)

    def _attempted(self, numbers: Sequence[str]) -> tuple[int, int]:
        """How many of these numbers have an attempt, and how many attempts at them are open."""
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.execute(
                "SELECT COUNT(DISTINCT number), COUNT(is_open) FROM overdue_attempt"
                " WHERE number IN %s",
                ([f"57{number}" for number in numbers],),
            )
            attempted, still_open = cursor.fetchone() or (0, 0)
        return int(attempted), int(still_open)

    @contextmanager
    def _connected(self) -> "Iterator[pymysql.Connection[pymysql.cursors.Cursor]]":
        with pymysql.connect(
            unix_socket=str(self._socket),
            user="root",
            database=database.NAME,
            charset="utf8mb4",
        ) as connection:
            yield connection
