"""The lab as a whole: what ``up`` starts, ``down`` ends and ``env`` tells."""

import fcntl
import json
import os
import secrets
import shutil
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import database, pbx
from lab.carrier import Carrier
from lab.database import Database
from lab.errors import LabError
from lab.pbx import Pbx
from lab.ports import (
    AGENT_SIP,
    CARRIER_SIP,
    CARRIER_STANDBY_SIP,
    DATABASE,
    FASTAGI,
    PBX_AMI,
    PBX_SIP,
    Port,
)
from lab.process import Process
from lab.tree import ensure_tree

REPOSITORY = Path(__file__).parent.parent
STATE = REPOSITORY / ".lab"
TREE = STATE / "root"
_SECRETS = ("ami", "mysql", "token")
_PACKAGE_OF = {
    "setpriv": "util-linux",
    "unshare": "util-linux",
    "chroot": "coreutils",
    "mmdebstrap": "mmdebstrap",
    "mariadbd": "mariadb-server-core",
    "mariadb-install-db": "mariadb-server-core",
    "espeak-ng": "espeak-ng",
    "ffmpeg": "ffmpeg",
}


class Lab:
    """A PBX, a carrier and a database that keep everything in one directory.

    All labs of a machine use the same addresses, so one runs at a time (or each in a network
    namespace of its own).
    """

    def __init__(self, state: Path = STATE, tree: Path = TREE) -> None:
        """``state``: where everything is kept; ``tree``: the Debian tree, which labs may share."""
        self.state = state.absolute()
        self.tree = tree.absolute()
        self.pbx = Pbx(self.state, self.tree)
        self.carrier = Carrier(self.state, self.tree)
        self.database = Database(self.state)
        self.fastagi = Process(
            "fastagi", self.state / "run" / "fastagi.pid", self.state / "fastagi.log"
        )
        """Started by `lab.product`, ended with the rest."""

    def up(self, carrier: bool = True) -> None:
        """Start everything anew, after ending what an earlier ``up`` left.

        Data, records and AstDB stay. Without ``carrier``, 127.0.0.2:5060 stays free for another
        SIP agent. Raises LabError.
        """
        _check_rights()
        with self._locked():
            self._end()
            ports = [
                PBX_SIP,
                PBX_AMI,
                DATABASE,
                *([CARRIER_SIP, CARRIER_STANDBY_SIP, AGENT_SIP] if carrier else []),
            ]
            for port in ports:
                port.check_free()
            ensure_tree(self.tree)
            try:
                self._start(carrier)
            except BaseException:
                self._end()
                raise

    def down(self) -> None:
        """End every process that ``up`` started."""
        if self.state.exists():
            with self._locked():
                self._end()

    def status(self) -> list[tuple[str, int | None, list[Port]]]:
        """Each part: its name, its pid (None: it does not run) and its addresses."""
        return [
            ("pbx", self.pbx.process.pid, [PBX_SIP, PBX_AMI]),
            ("carrier", self.carrier.process.pid, [CARRIER_SIP]),
            ("database", self.database.process.pid, [DATABASE]),
            ("fastagi", self.fastagi.pid, [FASTAGI]),
        ]

    def env(self) -> dict[str, str]:
        """The environment variables that the dialer's programs read."""
        keys = self._secrets()
        return {
            "ASTERISK_HOST": PBX_AMI.host,
            "ASTERISK_PORT": str(PBX_AMI.number),
            "ASTERISK_USERNAME": pbx.AMI_USER,
            "ASTERISK_PASSWORD": keys["ami"],
            "MYSQL_SERVER": DATABASE.host,
            "MYSQL_PORT": str(DATABASE.number),
            "MYSQL_SOCKET": str(self.database.socket),
            "MYSQL_USER": database.USER,
            "MYSQL_PASSWORD": keys["mysql"],
            "MYSQL_DATABASE": database.NAME,
            "OVERDUE_SECRET": keys["token"],
        }

    def _start(self, carrier: bool) -> None:
        keys = self._secrets()
        self.database.prepare()
        self.database.start()
        self.pbx.configure(keys["ami"], self.state / "sounds")
        if carrier:
            self.carrier.configure()
            self.carrier.start()
        self.pbx.start()
        self.database.wait_ready(keys["mysql"])
        self.pbx.wait_booted()
        if carrier:
            self.carrier.wait_booted()
            self.pbx.wait_trunk()

    def _end(self) -> None:
        for process in self._processes():
            process.signal(signal.SIGTERM)
        for process in self._processes():
            process.wait_ended()

    def _processes(self) -> list[Process]:
        return [
            self.fastagi,
            self.pbx.process,
            self.carrier.process,
            self.database.process,
        ]

    def _secrets(self) -> dict[str, str]:
        """The passwords of this lab, made at its first use."""
        file = self.state / "secrets.json"
        keys: dict[str, str] = json.loads(file.read_text()) if file.exists() else {}
        # A lab of an earlier version keeps what it has: its database knows that password.
        missing = {name: secrets.token_hex(16) for name in _SECRETS if name not in keys}
        if missing:
            keys |= missing
            self.state.mkdir(parents=True, exist_ok=True)
            partial = file.with_suffix(".partial")
            partial.touch(mode=0o600)
            partial.write_text(json.dumps(keys))
            partial.rename(file)
        return keys

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """One ``up`` or ``down`` at a time."""
        self.state.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.state / "lock", os.O_CREAT | os.O_RDWR, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _check_rights() -> None:
    if os.geteuid() != 0:
        raise LabError("The lab needs root, for chroot and mount: run it with sudo.")
    missing = [program for program in _PACKAGE_OF if shutil.which(program) is None]
    if missing:
        packages = " ".join(sorted({_PACKAGE_OF[program] for program in missing}))
        raise LabError(f"The lab needs {', '.join(missing)}: apt-get install {packages}.")
