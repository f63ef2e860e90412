"""The parts of a running campaign: each can be killed, suspended and started again."""

import os
import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pymysql

from lab.chaos.plan import Action, Fault, Part
from lab.chaos.points import Agi, Ami, Sql
from lab.chaos.proxy import Hold, Proxy
from lab.lab import Lab
from lab.ports import DATABASE, FASTAGI, PBX_AMI, Port
from lab.process import Process
from lab.product import BIN

_AMI, _SQL, _AGI = (
    Port("127.0.0.1", number, socket.SOCK_STREAM, f"proxy for {what}")
    for number, what in ((15038, "AMI"), (13307, "SQL"), (14573, "FastAGI"))
)
ORIGINATORS = (Part.ORIGINATOR, Part.SECOND_ORIGINATOR)
_AGE = """
UPDATE overdue_run SET heartbeat_at = heartbeat_at - INTERVAL 2 MINUTE
WHERE ended_at IS NULL AND pid NOT IN %s
"""
_OPEN = "SELECT COUNT(*) FROM overdue_attempt WHERE state NOT IN ('ended', 'released')"
_ANSWER_SECONDS = 1.0


@contextmanager
def agi_through_proxy(lab: Lab) -> Iterator[None]:
    """Let the PBX reach FastAGI through its proxy, after every restart too; none runs meanwhile."""
    for port in (_AMI, _SQL, _AGI):
        port.check_free()
    lab.fastagi.signal(signal.SIGTERM)
    lab.fastagi.wait_ended()
    site = lab.pbx.directory / "etc" / "overdue" / "overdue_globals.conf"
    before = site.read_text()
    site.write_text(f"[globals]\nOVERDUE_FASTAGI={_AGI.host}:{_AGI.number}\n")
    lab.pbx.cli("dialplan reload")
    try:
        yield
    finally:
        site.write_text(before)
        if lab.pbx.process.pid is not None:
            lab.pbx.cli("dialplan reload")


class Parts:
    """The lab, our two programs and the proxies between all of them.

    The carrier is not among what can be hit: it is the judge.
    """

    def __init__(self, lab: Lab, directory: Path, campaign: Path, hold: Hold) -> None:
        """``directory``: where the programs of this run write their logs."""
        self.lab = lab
        self.directory = directory
        self._campaign = campaign
        self._originators: dict[Part, subprocess.Popen[bytes]] = {}
        self.fastagi = Process("fastagi", lab.fastagi.pid_file, directory / "fastagi.out")
        self._suspended: list[int] = []
        self._ami = Proxy(_AMI, (PBX_AMI.host, PBX_AMI.number), Ami, hold)
        self._sql = Proxy(_SQL, (DATABASE.host, DATABASE.number), Sql, hold)
        self._agi = Proxy(_AGI, (FASTAGI.host, FASTAGI.number), Agi, hold)

    def close(self) -> None:
        """End our programs and the proxies; the lab stays."""
        self.resume()
        for originator in self._originators.values():
            originator.kill()
            originator.wait()
        self.fastagi.signal(signal.SIGKILL)
        self.fastagi.wait_ended()
        for proxy in (self._ami, self._sql, self._agi):
            proxy.close()

    def hit(self, fault: Fault) -> None:
        """Do what the fault says, now."""
        if fault.part in (Part.AMI_LINK, Part.SQL_LINK):
            proxy = self._ami if fault.part is Part.AMI_LINK else self._sql
            {
                Action.DELAY: proxy.delay,
                Action.RESET: proxy.reset,
                Action.HALF_OPEN: proxy.silence,
                Action.CUT: proxy.cut,
            }[fault.action]()
            return
        number = signal.SIGKILL if fault.action is Action.KILL else signal.SIGSTOP
        pids = self._pids(fault.part)
        if number is signal.SIGSTOP:
            self._suspended += pids
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def heal_links(self) -> None:
        """Take all faults of connections away."""
        self._ami.heal()
        self._sql.heal()

    def resume(self) -> None:
        """Let go on what was suspended; the FastAGI server may have replaced it by now."""
        alive = {pid for part in Part for pid in self._pids(part)}
        for pid in self._suspended:
            if pid in alive:
                with suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
        self._suspended.clear()

    def runs(self, part: Part) -> bool:
        """Whether it does."""
        return bool(self._pids(part))

    def start(self, part: Part) -> None:
        """Start a part that died, as a service manager does."""
        if part is Part.DATABASE:
            self.lab.database.start()
        elif part is Part.PBX:
            # A carrier clears calls whose far end has gone; those of before must not be counted.
            self.lab.carrier.cli("channel request hangup all")
            (self.lab.pbx.directory / "run" / "asterisk.ctl").unlink(missing_ok=True)
            self.lab.pbx.start()
        elif part is Part.FASTAGI:
            log = self.directory / "fastagi.log"
            command = [str(BIN / "fastagi-server"), "serve", "--log-file", str(log)]
            self.fastagi.start(command, environment=self.environment())
        elif part in ORIGINATORS:
            self._originators[part] = self._originator(part.replace(" ", "-"))

    def done(self, originator: Part) -> bool:
        """Whether its last run ended well."""
        return originator in self._originators and self._originators[originator].poll() == 0

    def environment(self) -> dict[str, str]:
        """The lab's variables, with our proxies as addresses."""
        return {
            **self.lab.env(),
            "ASTERISK_PORT": str(_AMI.number),
            "MYSQL_SERVER": _SQL.host,
            "MYSQL_PORT": str(_SQL.number),
            "MYSQL_SOCKET": "",
        }

    def age_runs(self) -> bool:
        """As the administrator, let the lease of dead runs expire; False: no database."""
        try:
            with self._administrator() as connection, connection.cursor() as cursor:
                alive = [pid for part in ORIGINATORS for pid in self._pids(part)]
                cursor.execute(_AGE, ([0, *alive],))
                connection.commit()
        except (pymysql.MySQLError, OSError):
            return False
        return True

    def open_attempts(self) -> int | None:
        """How many are not final, as the administrator sees it; None: no database."""
        try:
            with self._administrator() as connection, connection.cursor() as cursor:
                cursor.execute(_OPEN)
                row = cursor.fetchone()
        except (pymysql.MySQLError, OSError):
            return None
        return int(row[0]) if row else 0

    def _administrator(self) -> "pymysql.Connection[pymysql.cursors.Cursor]":
        # A suspended database takes the connection and stays silent; whoever waits for it here
        # can not wake it.
        return self.lab.database.connect(answer_seconds=_ANSWER_SECONDS)

    def _originator(self, name: str) -> "subprocess.Popen[bytes]":
        log = self.directory / f"{name}.log"
        with (self.directory / f"{name}.out").open("ab") as output:
            return subprocess.Popen(
                [
                    *(str(BIN / "originator"), "--log-file", str(log)),
                    *("run", str(self._campaign), "--json"),
                ],
                env={**os.environ, **self.environment()},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )

    def _pids(self, part: Part) -> list[int]:
        if part in ORIGINATORS:
            originator = self._originators.get(part)
            return [originator.pid] if originator and originator.poll() is None else []
        if part is Part.DATABASE:
            return _known(self.lab.database.process.pid)
        if part is Part.PBX:
            return _known(self.lab.pbx.process.pid)
        server = self.fastagi.pid
        if part is Part.FASTAGI:
            return [*_known(server), *_children(server)]
        return _children(server)[:1] if part is Part.FASTAGI_WORKER else []


def _known(pid: int | None) -> list[int]:
    return [] if pid is None else [pid]


def _children(pid: int | None) -> list[int]:
    try:
        return [int(c) for c in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
