"""What the environment says: where the database and the PBX are, and the secrets."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from campaign.errors import OverdueError

MIN_SECRET = 16
"""Characters of OVERDUE_SECRET; a shorter one could be found by trying."""


class SettingsError(OverdueError):
    """The environment lacks something or holds something unusable."""


@dataclass(frozen=True)
class DatabaseSettings:
    """How to reach MySQL or MariaDB."""

    server: str
    port: int
    socket: str | None
    """Path of a Unix socket; it is used in place of server and port."""
    user: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True)
class AmiSettings:
    """How to reach Asterisk's manager interface."""

    host: str
    port: int
    username: str
    password: str = field(repr=False)


def database_settings(environment: Mapping[str, str]) -> DatabaseSettings:
    """Read the ``MYSQL_*`` variables; raises SettingsError that names all that is wrong."""
    reader = _Reader(environment)
    settings = _database(reader)
    reader.check()
    return settings


def server_settings(environment: Mapping[str, str]) -> tuple[DatabaseSettings, str]:
    """What the FastAGI server needs: the database, and the secret of the tokens; as above."""
    reader = _Reader(environment)
    settings = _database(reader), reader.secret("OVERDUE_SECRET")
    reader.check()
    return settings


def pbx_settings(environment: Mapping[str, str]) -> tuple[AmiSettings, str]:
    """What asking the PBX needs: its AMI, and the secret of the tokens; as above."""
    reader = _Reader(environment)
    settings = _ami(reader), reader.secret("OVERDUE_SECRET")
    reader.check()
    return settings


def all_settings(environment: Mapping[str, str]) -> tuple[DatabaseSettings, AmiSettings, str]:
    """What calling needs: database, PBX, and the secret of the tokens; SettingsError as above."""
    reader = _Reader(environment)
    settings = _database(reader), _ami(reader), reader.secret("OVERDUE_SECRET")
    reader.check()
    return settings


def _database(reader: "_Reader") -> DatabaseSettings:
    socket = reader.text("MYSQL_SOCKET", default="") or None
    return DatabaseSettings(
        server=reader.text("MYSQL_SERVER", default="localhost" if socket else None),
        port=reader.port("MYSQL_PORT", default=3306),
        socket=socket,
        user=reader.text("MYSQL_USER"),
        password=reader.password("MYSQL_PASSWORD"),
        database=reader.text("MYSQL_DATABASE"),
    )


def _ami(reader: "_Reader") -> AmiSettings:
    return AmiSettings(
        host=reader.text("ASTERISK_HOST", default="127.0.0.1"),
        port=reader.port("ASTERISK_PORT", default=5038),
        username=reader.text("ASTERISK_USERNAME"),
        password=reader.password("ASTERISK_PASSWORD"),
    )


class _Reader:
    """Reads variables and keeps what is wrong with them, to say it all at once."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self._missing: list[str] = []
        self._wrong: list[str] = []

    def text(self, name: str, default: str | None = None) -> str:
        value = self._environment.get(name) or default
        if value is None:
            self._missing.append(name)
            return ""
        return self._one_line(name, value)

    def password(self, name: str) -> str:
        """An empty password is one; an absent variable is not."""
        if name not in self._environment:
            self._missing.append(name)
        return self._one_line(name, self._environment.get(name, ""))

    def secret(self, name: str) -> str:
        value = self.text(name)
        if value and len(value) < MIN_SECRET:
            self._wrong.append(f"{name} must have at least {MIN_SECRET} characters")
        return value

    def port(self, name: str, default: int) -> int:
        value = self._environment.get(name) or str(default)
        if value.isascii() and value.isdigit() and len(value) <= 5 and 0 < int(value) < 65536:
            return int(value)
        self._wrong.append(f"{name} must be a port from 1 to 65535")
        return default

    def _one_line(self, name: str, value: str) -> str:
        # A line end in a value would be a second AMI header.
        if not value.isprintable():
            self._wrong.append(f"{name} must hold no control characters")
        return value

    def check(self) -> None:
        problems = list(self._wrong)
        if self._missing:
            problems.insert(0, f"set these environment variables: {', '.join(self._missing)}")
        if problems:
            raise SettingsError("; ".join(problems))
