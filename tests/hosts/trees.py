"""What is on a host before the playbook: Debian with systemd and sshd, and what its role has."""

import hashlib
from pathlib import Path

from lab.tree import Contents, ensure_tree

_HOST = "systemd,systemd-sysv,dbus,openssh-server,python3,python3-apt,iproute2,tzdata"
_ASTERISK = "asterisk,asterisk-core-sounds-es-gsm"
# Without it systemd leaves the filter of system calls out, and says nothing.
_APPLICATION = f"{_HOST},libseccomp2"
_COMPLETE = "usr/sbin/sshd"
BARE = Contents(
    "forky",
    f"{_APPLICATION},apt,mariadb-server,mariadb-client",
    _COMPLETE,
    offered=f"{_ASTERISK} python3-venv".replace(",", " "),
)
EXISTING_PBX = Contents("bullseye", f"{_HOST},{_ASTERISK}", _COMPLETE)
APPLICATION = Contents("sid", f"{_APPLICATION},python3-venv,mysql-server,mysql-client", _COMPLETE)


def tree_of(contents: Contents, directory: Path) -> Path:
    """The tree with these contents, built when it is not there; mmdebstrap needs the mirror."""
    packages = f"{contents.packages} {contents.offered}"
    name = hashlib.sha256(packages.encode()).hexdigest()[:8]
    tree = directory / f"{contents.suite}-{name}"
    ensure_tree(tree, contents)
    return tree
