"""A host with systemd and sshd: systemd-nspawn on a copy-on-write view of a Debian tree."""

import signal
import subprocess
from collections.abc import Sequence
from pathlib import Path

from lab.process import Process
from lab.waiting import wait_until
from tests.hosts.network import BRIDGE, with_prefix

ETC = "/etc/overdue"
_ORIGINATOR = "/opt/overdue-dialer/current/venv/bin/originator"
_BOOT_SECONDS = 90
_STOP_SECONDS = 60
# The mounts end with the process. forky's systemd needs the unified hierarchy of cgroups, wherever
# this machine has it; in a control group of its own, or services of the same name would share one:
# hosts would remove those of each other, and wait for each other's processes to end.
_BOOT = """
set -e
mount -t overlay overlay -o "lowerdir=$1,upperdir=$2/changes,workdir=$2/work" "$2/root"
for hierarchy in /sys/fs/cgroup/systemd /sys/fs/cgroup/unified /sys/fs/cgroup; do
    [ -f "$hierarchy/cgroup.procs" ] || continue
    mkdir -p "$hierarchy/$3"
    echo $$ > "$hierarchy/$3/cgroup.procs"
done
shift 3
export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1
exec systemd-nspawn "$@"
"""
_NETWORK = """[Match]
Name=host0
[Network]
Address={address}
LinkLocalAddressing=no
"""


class Machine:
    """One host; what it changes lies in ``directory`` and outlives a reboot."""

    def __init__(self, name: str, address: str, tree: Path, directory: Path, key: Path) -> None:
        """``key``: the private key whose owner may log in as root."""
        self.name = name
        self.address = address
        self._tree = tree
        self._directory = directory
        self._key = key
        self._group = f"overdue-{directory.parent.name}-{name}"
        self._process = Process(name, directory / "pid", directory / "console")

    def create(self, *masked: str) -> None:
        """Make it as a fresh installation is, with an address and an authorised key.

        ``masked``: units that its tree has and this host does not.
        """
        for part in ("changes", "work", "root"):
            (self._directory / part).mkdir(parents=True)
        self.write("etc/hostname", self.name + "\n")
        self.write("etc/hosts", f"127.0.0.1 localhost\n{self.address} {self.name}\n")
        self.write(
            "etc/systemd/network/10-host0.network",
            _NETWORK.format(address=with_prefix(self.address)),
        )
        # It is thrown away: its packages need not be on the disk when dpkg is done.
        self.write("etc/dpkg/dpkg.cfg.d/unsafe-io", "force-unsafe-io\n")
        wants = self._directory / "changes/etc/systemd/system/multi-user.target.wants"
        wants.mkdir(parents=True)
        (wants / "systemd-networkd.service").symlink_to(
            "/lib/systemd/system/systemd-networkd.service"
        )
        # What a container cannot have, and would make the whole look degraded.
        for unit in ("dev-hugepages.mount", "systemd-networkd-wait-online.service", *masked):
            (wants.parent / unit).symlink_to("/dev/null")
        public = self._key.with_suffix(".pub").read_text()
        self.write("root/.ssh/authorized_keys", public)
        (self._directory / "changes/root").chmod(0o700)

    def start(self) -> None:
        """Boot it and wait until all that starts at boot has."""
        assert self.boots(), self.last_words()

    def boots(self) -> bool:
        """Boot it; False when it does not come up."""
        self._process.start(
            [
                *("unshare", "--mount", "sh", "-c", _BOOT, "sh"),
                *(str(self._tree), str(self._directory), self._group),
                *("--directory", str(self._directory / "root"), "--boot", "--register=no"),
                *("--keep-unit", f"--machine={self.name}", f"--network-bridge={BRIDGE}"),
                *("--resolv-conf=off", "--timezone=off", "--link-journal=no"),
            ]
        )
        return wait_until(self._is_up, _BOOT_SECONDS, SSH_PAUSE)

    def last_words(self) -> str:
        """The last line of its console."""
        return self._process.last_words()

    def _is_up(self) -> bool:
        state = self.run("systemctl", "is-system-running", check=False).stdout.strip()
        return state in ("running", "degraded")

    def stop(self) -> None:
        """Power it off, as an operator does."""
        self._process.signal(signal.SIGTERM)
        self._process.wait_ended(_STOP_SECONDS)

    def reboot(self) -> None:
        """Power it off and boot it again."""
        self.stop()
        self.start()

    def run(
        self, *command: str, check: bool = True, text: str | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run a command on it as root, over ssh; ``text``: its standard input."""
        done = subprocess.run(
            [*self.ssh(), f"root@{self.address}", "--", *map(_quoted, command)],
            input=text if text is not None else "",
            capture_output=True,
            text=True,
            check=False,
        )
        assert not check or done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done

    def shell(self, script: str, check: bool = True) -> str:
        """Run a script of sh on it; returns what it printed."""
        return self.run("sh", "-ec", script, check=check).stdout

    def cli(self, command: str) -> str:
        """Run one command of Asterisk's CLI on it."""
        return self.run("asterisk", "-rx", command).stdout

    def originator(self, *arguments: str) -> "subprocess.CompletedProcess[str]":
        """Run a command of the installed originator, as docs/deploy.md has an operator do it."""
        command = " ".join(map(_quoted, arguments))
        return self.run(
            *("sh", "-c", f"set -a; . {ETC}/environment; exec {_ORIGINATOR} {command}"), check=False
        )

    def ssh(self) -> list[str]:
        """The ssh command with the options of these hosts."""
        return ["ssh", "-i", str(self._key), *SSH_OPTIONS]

    def forward(self, local: Path, remote: str) -> "subprocess.Popen[bytes]":
        """Lead a local Unix socket to one on the host, until the process ends."""
        local.unlink(missing_ok=True)
        process = subprocess.Popen(
            [*self.ssh(), "-N", "-L", f"{local}:{remote}", f"root@{self.address}"],
            stdin=subprocess.DEVNULL,
        )
        assert wait_until(local.exists, 10)
        return process

    def write(self, path: str, text: str) -> None:
        """Write a file before it boots; ``path``: from its root."""
        file = self._directory / "changes" / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)


SSH_PAUSE = 0.5
"""Seconds between two looks over ssh: each is a login."""
SSH_OPTIONS: Sequence[str] = (
    *("-o", "StrictHostKeyChecking=no", "-o", "UserKnownHostsFile=/dev/null"),
    *("-o", "LogLevel=ERROR", "-o", "ConnectTimeout=2", "-o", "BatchMode=yes"),
)


def new_key(directory: Path) -> Path:
    """Make a key pair; returns the private one."""
    key = directory / "key"
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "tests", "-f", str(key)], check=True
    )
    return key


def _quoted(word: str) -> str:
    # ssh joins its arguments with spaces and gives them to a shell.
    return "'" + word.replace("'", "'\\''") + "'"
