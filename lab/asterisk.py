"""One Asterisk in the Debian tree, with all its directories outside of it."""

import os
import resource
import shutil
import subprocess
from pathlib import Path

from lab.errors import LabError
from lab.process import Process
from lab.waiting import wait_until

_CONFIGURATION = Path(__file__).parent / "etc"
_DIRECTORIES = {
    "astetcdir": "etc",
    "astvarlibdir": "lib",
    "astdbdir": "db",
    "astkeydir": "data",
    "astcachedir": "cache",
    "astdatadir": "data",
    "astagidir": "agi-bin",
    "astspooldir": "spool",
    "astrundir": "run",
    "astlogdir": "log",
}
_PACKAGED_DATA = Path("usr/share/asterisk")
_SPANISH = "es_MX_f_Allison"
_BOOT_SECONDS = 30
# What the command-line client says first on a machine without a network card.
_NO_CARD = "No ethernet interface found for seeding global EID. You will have to set it manually.\n"
# Mounted into the tree in a mount namespace of its own, which ends with the process.
_ENTER = 'mount --bind "$1" "$2" && shift 2 && exec chroot "$@"'


class Asterisk:
    """An instance: ``state/<name>`` here, ``/srv/<name>`` inside the tree."""

    def __init__(self, name: str, state: Path, tree: Path) -> None:
        """``state``: the directory of the lab; ``tree``: the Debian tree."""
        self.name = name
        self.directory = state / name
        self.tree = tree
        self.process = Process(
            name, state / "run" / f"{name}.pid", self.directory / "log" / "console.log"
        )

    def prepare(self) -> None:
        """Write the directories and the configuration anew; AstDB and the records stay."""
        for directory in _DIRECTORIES.values():
            (self.directory / directory).mkdir(parents=True, exist_ok=True)
        (self.tree / "srv" / self.name).mkdir(exist_ok=True)
        shutil.rmtree(self._path("run"))
        self._path("run").mkdir()
        self._write_configuration()
        self._link_packaged_data()

    def start(self) -> None:
        """Start it; ``wait_booted`` tells when it is ready."""
        # One that was killed leaves its socket behind, which would look like readiness.
        (self._path("run") / "asterisk.ctl").unlink(missing_ok=True)
        self.process.start(self._inside("asterisk", "-f"))

    def wait_booted(self) -> None:
        """Wait until every module runs; raises LabError when it does not come up."""
        socket = self._path("run") / "asterisk.ctl"
        up = wait_until(lambda: socket.exists() or self.process.pid is None, _BOOT_SECONDS)
        if not up or self.process.pid is None or "fully booted" not in self._boot_answer():
            words = self.process.last_words()
            raise LabError(
                f"Asterisk ({self.name}) did not start: {words or 'it said nothing'}; "
                f"see {self._path('log')}."
            )

    def cli(self, command: str) -> str:
        """Run one CLI command and return what it prints."""
        if self.process.pid is None:
            raise LabError(f"Asterisk ({self.name}) does not run: python -m lab up starts it.")
        done = self._remote(command)
        if done.returncode != 0:
            raise LabError(
                f"Asterisk ({self.name}) did not take '{command}': {done.stderr.strip()}."
            )
        return done.stdout.removeprefix(_NO_CARD)

    def install_sounds(self, directory: Path) -> None:
        """Copy prompts (``<language>/<name>.<format>``) to where Playback looks; at any time."""
        shutil.copytree(directory, self._path("data") / "sounds", dirs_exist_ok=True)

    def _path(self, directory: str) -> Path:
        return self.directory / directory

    def _write_configuration(self) -> None:
        etc = self._path("etc")
        shutil.rmtree(etc)
        etc.mkdir(mode=0o700)
        for packaged in (self.tree / "etc/asterisk").glob("*.conf"):
            shutil.copyfile(packaged, etc / packaged.name)
        for source in (_CONFIGURATION / "both", _CONFIGURATION / self.name):
            shutil.copytree(source, etc, dirs_exist_ok=True)
        lines = ["[directories]"]
        lines += [f"{key} => /srv/{self.name}/{path}" for key, path in _DIRECTORIES.items()]
        lines.append(f"astmoddir => /{self._modules()}")
        # Silence is sent while a call waits: a listening telephone sends audio too.
        lines += ["[options]", "transmit_silence = yes"]
        # A call takes about six descriptors; the usual 1024 would end at 150 calls.
        lines.append(f"maxfiles = {min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65536)}")
        if os.sched_getscheduler(0) != os.SCHED_OTHER:
            # Under chrt: Asterisk gives up the priority that it inherits unless it is told so.
            lines.append("highpriority = yes")
        (etc / "asterisk.conf").write_text("\n".join(lines) + "\n")

    def _modules(self) -> Path:
        found = next(self.tree.glob("usr/lib/*/asterisk/modules"))
        return found.relative_to(self.tree)

    def _link_packaged_data(self) -> None:
        """The packaged data as links; only ``sounds`` is a directory of our own."""
        packaged, data = self.tree / _PACKAGED_DATA, self._path("data")
        sounds = data / "sounds"
        sounds.mkdir(exist_ok=True)
        links = {path.name: path for path in packaged.iterdir() if path.name != "sounds"}
        for name, path in links.items():
            _link(data / name, path.relative_to(self.tree))
        spanish = _PACKAGED_DATA / "sounds" / _SPANISH
        # es_MX is ours and falls back to es: Asterisk drops what follows the underscore.
        _link(sounds / "es", spanish)
        _link(sounds / _SPANISH, spanish)

    def _inside(self, *command: str) -> list[str]:
        program, *arguments = command
        inner = f"/srv/{self.name}"
        return [
            *("unshare", "--mount", "sh", "-c", _ENTER, "sh"),
            *(str(self.directory), str(self.tree) + inner),
            *(str(self.tree), program, "-C", f"{inner}/etc/asterisk.conf", *arguments),
        ]

    def _remote(self, command: str) -> "subprocess.CompletedProcess[str]":
        return subprocess.run(
            self._inside("asterisk", "-r", "-x", command),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )

    def _boot_answer(self) -> str:
        return self._remote("core waitfullybooted").stdout


def _link(link: Path, target_in_tree: Path) -> None:
    if not link.is_symlink():
        link.symlink_to(Path("/") / target_in_tree)
