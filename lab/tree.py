"""Debian trees of a later release: Debian 12 itself ships neither Asterisk 22 nor MySQL 9."""

import fcntl
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from lab.errors import LabError

_KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
_DEFAULT_MIRROR = "http://deb.debian.org/debian"
_SOURCES = Path("/etc/apt")

# mmdebstrap gives it the tree. What is downloaded becomes the one source of the tree's apt.
_OFFER = " && ".join(
    (
        'chroot "$1" apt-get -y --download-only install {packages}',
        'mkdir "$1/srv/packages"',
        'mv "$1"/var/cache/apt/archives/*.deb "$1/srv/packages/"',
        'cd "$1/srv/packages"',
        "dpkg-scanpackages . > Packages",
        'echo "deb [trusted=yes] file:/srv/packages ./" > "$1/etc/apt/sources.list"',
    )
)


@dataclass(frozen=True)
class Contents:
    """What is in a tree."""

    suite: str
    packages: str
    program: str
    """The file that shows that it is there."""
    offered: str = ""
    """Packages that are not installed, and that its apt can install without a network."""


ASTERISK = Contents("forky", "asterisk,asterisk-core-sounds-es-gsm", "usr/sbin/asterisk")
MYSQL = Contents("sid", "mysql-server-core", "usr/sbin/mysqld")


def ensure_tree(tree: Path, contents: Contents = ASTERISK) -> None:
    """Build the tree with mmdebstrap (about 20 s, 400 MB) unless a complete one is there.

    It gets its name only when it is complete, so an interrupted build is never used.
    """
    tree.parent.mkdir(parents=True, exist_ok=True)
    with _locked(tree.with_name(f"{tree.name}.lock")):
        if (tree / contents.program).exists():
            return
        building = tree.with_name(f"{tree.name}.building")
        for rest in (building, tree):
            if rest.exists():
                shutil.rmtree(rest)
        _build(building, contents, tree.with_name(f"{tree.name}.log"))
        building.rename(tree)


def mirror(sources: Path = _SOURCES) -> str:
    """The Debian mirror that this machine's apt uses, else the public one."""
    files = [sources / "sources.list", *sorted((sources / "sources.list.d").glob("*"))]
    for file in files:
        text = file.read_text(errors="replace") if file.is_file() else ""
        for line in text.splitlines():
            found = re.match(r"(?:URIs:|deb\b).*?(https?://\S+/debian)/?(?:\s|$)", line)
            if found:
                return found[1]
    return _DEFAULT_MIRROR


def _build(target: Path, contents: Contents, log: Path) -> None:
    source = mirror()
    # It dies with this program, in namespaces of its own: no process, no mount is left behind that
    # the next build could stumble over.
    command = [
        *("setpriv", "--pdeathsig", "KILL"),
        *("unshare", "--mount", "--pid", "--mount-proc", "--fork", "--kill-child"),
        *("mmdebstrap", "--mode=root", "--variant=essential"),
        f"--include={contents.packages}",
        # A mirror's Release file can be past its date.
        '--aptopt=Acquire::Check-Valid-Until "false"',
        '--aptopt=APT::Install-Recommends "false"',
        '--aptopt=Acquire::http::Timeout "20"',
        f"--keyring={_KEYRING}",
        *(
            [f"--customize-hook={_OFFER.format(packages=contents.offered)}"]
            if contents.offered
            else []
        ),
        *(contents.suite, str(target), source),
    ]
    with log.open("wb") as output:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=output, check=False
        )
    if done.returncode != 0:
        raise LabError(
            f"The tree with {contents.packages} could not be built from {source}: "
            f"check that this mirror can be reached; {log} tells what failed."
        )


@contextmanager
def _locked(lock: Path) -> Iterator[None]:
    descriptor = os.open(lock, os.O_CREAT | os.O_RDWR, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
