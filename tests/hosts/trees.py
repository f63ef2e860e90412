"""What is on a host before the playbook: Debian with systemd and sshd, and what its role has."""

import hashlib
from pathlib import Path

from lab.tree import Contents, ensure_tree

_HOST = "systemd,systemd-sysv,dbus,openssh-server,python3,python3-apt,iproute2,tzdata"
_PBX = f"{_HOST},asterisk,asterisk-core-sounds-es-gsm"
_COMPLETE = "usr/sbin/sshd"
BULLSEYE_PBX = Contents("bullseye", _PBX, _COMPLETE)
FORKY_PBX = Contents("forky", f"{_PBX},python3-venv,mariadb-server,mariadb-client", _COMPLETE)
APPLICATION = Contents("sid", f"{_HOST},python3-venv,mysql-server,mysql-client", _COMPLETE)


def tree_of(contents: Contents, directory: Path) -> Path:
    """The tree with these contents, built when it is not there."""
    packages = hashlib.sha256(contents.packages.encode()).hexdigest()[:8]
    tree = directory / f"{contents.suite}-{packages}"
    ensure_tree(tree, contents)
    return tree
