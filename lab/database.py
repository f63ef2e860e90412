"""A private MariaDB with the company's tables."""

import shutil
import signal
import socket
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pymysql

from lab.errors import LabError
from lab.ports import DATABASE as PORT
from lab.ports import Port
from lab.process import Process
from lab.waiting import wait_until

NAME = "billing"
USER = "overdue"
_SCHEMA = Path(__file__).with_name("schema.sql")
_START_SECONDS = 60
_SOCKET_PATH_BYTES = 107


class Database:
    """mariadbd with its own data directory and socket under ``state/db``."""

    def __init__(self, state: Path, port: Port | None = PORT) -> None:
        """``state``: the directory of the lab; ``port``: None for the socket alone."""
        self.port = port
        self.directory = state / "db"
        self.socket = self.directory / "mysql.sock"
        self._tmp = self.directory / "tmp"
        """Its own: mariadbd deletes at its start what it takes for leftovers in the shared one."""
        self.process = Process("database", state / "run" / "database.pid", self.directory / "log")

    def prepare(self) -> None:
        """Create the data directory unless a complete one is there."""
        if len(bytes(self.socket)) > _SOCKET_PATH_BYTES:
            raise LabError(f"The path {self.socket} is too long for a socket: use a shorter one.")
        data = self.directory / "data"
        if data.exists():
            return
        self._tmp.mkdir(parents=True, exist_ok=True)
        building = self.directory / "data.building"
        if building.exists():
            shutil.rmtree(building)
        done = subprocess.run(
            self._install(building),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise LabError(f"The database was not made: {(done.stderr or done.stdout).strip()}")
        building.rename(data)

    def start(self, environment: Mapping[str, str] | None = None) -> None:
        """Start it; ``wait_ready`` tells when it takes connections.

        ``environment``: variables beside those of this program.
        """
        self._tmp.mkdir(parents=True, exist_ok=True)
        port = self.port
        network = (
            [f"--bind-address={port.host}", f"--port={port.number}"]
            if port
            else ["--skip-networking"]
        )
        self.process.start(
            [
                *self._server(),
                f"--datadir={self.directory / 'data'}",
                f"--socket={self.socket}",
                f"--tmpdir={self._tmp}",
                f"--pid-file={self.directory / 'server.pid'}",
                *network,
                *("--character-set-server=utf8mb4", "--collation-server=utf8mb4_unicode_ci"),
                "--max-connections=500",
            ],
            environment,
        )

    def wait_ready(self, password: str) -> None:
        """Wait for it, then make the database, its tables and the dialer's account."""
        wait_until(lambda: self._connects() or self.process.pid is None, _START_SECONDS)
        if self.process.pid is None or not self._connects():
            raise LabError(
                f"The database did not start: {self.process.last_words()}; see {self.process.log}."
            )
        with self.connect(None) as connection, connection.cursor() as cursor:
            cursor.execute(f"CREATE DATABASE IF NOT EXISTS {NAME}")
            for host in ("localhost", PORT.host):
                account = f"'{USER}'@'{host}'"
                cursor.execute(f"DROP USER IF EXISTS {account}")
                cursor.execute(f"CREATE USER {account} IDENTIFIED BY %s", (password,))
                cursor.execute(f"GRANT ALL ON {NAME}.* TO {account}")
        self._create_tables()

    def reset(self) -> None:
        """Make the database anew, with the company's empty tables."""
        with self.connect(None) as connection, connection.cursor() as cursor:
            cursor.execute(f"DROP DATABASE IF EXISTS {NAME}")
            cursor.execute(f"CREATE DATABASE {NAME}")
        self._create_tables()

    def stop(self) -> None:
        """Ask it to end; ``process.wait_ended`` waits for that."""
        self.process.signal(signal.SIGTERM)

    def _install(self, data: Path) -> list[str]:
        """The command that makes a data directory."""
        return [
            *("mariadb-install-db", "--no-defaults", "--user=root", "--skip-test-db"),
            *("--auth-root-authentication-method=socket", f"--datadir={data}"),
            f"--tmpdir={self._tmp}",
        ]

    def _server(self) -> list[str]:
        """The command that starts the server, as far as it is its own."""
        return ["mariadbd", "--no-defaults", "--user=root", "--skip-name-resolve"]

    def _create_tables(self) -> None:
        with self.connect() as connection, connection.cursor() as cursor:
            for statement in _SCHEMA.read_text().split(";"):
                if statement.strip():
                    cursor.execute(statement)

    def _connects(self) -> bool:
        # PyMySQL leaves the socket of a refused connection open: ask without it first.
        with socket.socket(socket.AF_UNIX) as probe:
            if probe.connect_ex(str(self.socket)) != 0:
                return False
        try:
            self.connect(None).close()
        except pymysql.err.OperationalError:
            return False
        return True

    def connect(
        self, database: str | None = NAME, answer_seconds: float | None = None
    ) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        """As the administrator, whom the socket knows by his uid.

        ``answer_seconds``: how long to wait for each answer; None: for ever.
        """
        return pymysql.connect(
            unix_socket=str(self.socket),
            user="root",
            database=database,
            charset="utf8mb4",
            read_timeout=answer_seconds,
        )
