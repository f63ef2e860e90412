"""What is on a host before the playbook: Debian with systemd and sshd, and what its role has."""

import hashlib
from pathlib import Path

from lab.tree import Contents, ensure_tree

_HOST = (
    "systemd",
    "systemd-sysv",
    "dbus",
    "openssh-server",
    "python3",
    "python3-apt",
    "iproute2",
    "tzdata",
)
_ASTERISK = ("asterisk", "asterisk-core-sounds-es-gsm")
FORKY_PBX = Contents(
    "forky", (*_HOST, *_ASTERISK, "python3-venv", "mariadb-server", "mariadb-client")
)
BULLSEYE_PBX = Contents("bullseye", (*_HOST, *_ASTERISK))
APPLICATION = Contents("sid", (*_HOST, "python3-venv", "mysql-server", "mysql-client"))


def tree_of(contents: Contents, directory: Path) -> Path:
    """The tree with these contents, built when it is not there."""
    packages = hashlib.sha256(",".join(contents.packages).encode()).hexdigest()[:8]
    tree = directory / f"{contents.suite}-{packages}"
    ensure_tree(tree, contents)
    return tree
