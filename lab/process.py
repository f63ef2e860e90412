"""Background processes that are known by a pid file of their own, and only by it.

The process writes the file itself before it becomes the program, so there is no moment at which
one runs unrecorded. The file holds ``/proc/<pid>/stat`` and the machine's boot id: a process is
ours only when its start time and the boot are the recorded ones, never by its pid alone.
"""

import os
import signal
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError
from lab.waiting import wait_until

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_RECORD_THEN_RUN = f"""
set -e
{{ cat /proc/$$/stat; cat {_BOOT_ID}; }} > "$1"
shift
exec "$@"
"""


@dataclass(frozen=True)
class _Identity:
    pid: int
    started: int
    """Start of the process in clock ticks after boot: field 22 of proc_pid_stat(5)."""
    state: str
    threads: int

    @property
    def over(self) -> bool:
        """Whether nothing of it runs: a first thread that has died may leave others behind."""
        return self.state in "ZX" and self.threads <= 1

    @classmethod
    def parse(cls, stat: str) -> "_Identity":
        # The second field is the program's name in brackets and may hold anything.
        pid, _, rest = stat.partition(" ")
        fields = rest.rpartition(")")[2].split()
        return cls(int(pid), int(fields[19]), fields[0], int(fields[17]))


@dataclass(frozen=True)
class Process:
    """One background process of the lab, running or not."""

    name: str
    pid_file: Path
    log: Path
    """Where its standard output and error go."""

    def start(self, command: Sequence[str], environment: Mapping[str, str] | None = None) -> None:
        """Run ``command`` in a session of its own; it outlives this program.

        ``environment``: variables beside those of this program.
        """
        self.pid_file.parent.mkdir(parents=True, exist_ok=True)
        self.log.parent.mkdir(parents=True, exist_ok=True)
        self.pid_file.unlink(missing_ok=True)
        # posix_spawn and not Popen: nobody in this program waits for the child.
        pid = os.posix_spawn(
            "/bin/sh",
            ["sh", "-c", _RECORD_THEN_RUN, "sh", str(self.pid_file), *command],
            {**os.environ, **(environment or {})},
            setsid=True,
            file_actions=[
                (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
                (os.POSIX_SPAWN_OPEN, 1, str(self.log), _LOG_FLAGS, 0o644),
                (os.POSIX_SPAWN_DUP2, 1, 2),
            ],
        )
        if not wait_until(lambda: self.pid == pid or _gone(pid), seconds=10):
            raise LabError(f"The process {self.name} did not start; see {self.log}.")

    @property
    def pid(self) -> int | None:
        """The pid of the running process; None when it does not run or is not the one recorded."""
        try:
            stat, boot_id = self.pid_file.read_text().splitlines()
            recorded = _Identity.parse(stat)
            present = _Identity.parse(Path(f"/proc/{recorded.pid}/stat").read_text())
        except (FileNotFoundError, ProcessLookupError, ValueError, IndexError):
            return None
        same = boot_id == _BOOT_ID.read_text().strip() and present.started == recorded.started
        return present.pid if same and not present.over else None

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and its children; nothing when it does not run."""
        if (pid := self.pid) is not None:
            os.killpg(pid, number)

    def wait_ended(self, seconds: float = 5) -> None:
        """Wait for its end, then end it by force; afterwards nothing of it is left."""
        if not wait_until(lambda: self.pid is None, seconds):
            self.signal(signal.SIGKILL)
            if not wait_until(lambda: self.pid is None, seconds):
                raise LabError(f"The process {self.name} (pid {self.pid}) cannot be ended.")
        self.pid_file.unlink(missing_ok=True)

    def last_words(self) -> str:
        """The last line that it printed."""
        try:
            lines = self.log.read_text(errors="replace").split("\n")
        except FileNotFoundError:
            return ""
        return next((line.strip() for line in reversed(lines) if line.strip()), "")


_LOG_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_TRUNC


def _gone(pid: int) -> bool:
    try:
        return _Identity.parse(Path(f"/proc/{pid}/stat").read_text()).over
    except (FileNotFoundError, ProcessLookupError):
        return True
