"""The network of the hosts: a bridge in a network namespace of the tests' own."""

import ctypes
import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

CARRIER = "10.94.0.1"
"""The address of the bridge: the carrier, and where the playbook is typed."""
_PREFIX = 24
BRIDGE = "overdue"
_PACKAGE_OF = {"systemd-nspawn": "systemd-container", "ssh": "openssh-client"}
_CLONE_NEWNET = 0x40000000


def enter() -> None:
    """Leave the machine's network for one with the bridge alone; for this process and its own."""
    missing = [program for program in _PACKAGE_OF if shutil.which(program) is None]
    if missing:
        raise OSError(f"apt-get install {' '.join(_PACKAGE_OF[each] for each in missing)}")
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "the tests on hosts need root: run them with sudo")
    for command in (
        "ip link set lo up",
        f"ip link add {BRIDGE} type bridge",
        f"ip address add {CARRIER}/{_PREFIX} dev {BRIDGE}",
        f"ip link set {BRIDGE} up",
    ):
        subprocess.run(command.split(), check=True)


@contextmanager
def left() -> Iterator[None]:
    """Back in the machine's network, to fetch something, for this thread and what it starts."""
    with Path("/proc/thread-self/ns/net").open("rb") as hosts:
        # Who started the tests never left it.
        with Path(f"/proc/{os.getppid()}/ns/net").open("rb") as machine:
            _join(machine.fileno())
        try:
            yield
        finally:
            _join(hosts.fileno())


def _join(network: int) -> None:
    if ctypes.CDLL(None, use_errno=True).setns(network, _CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "the network could not be joined")


def address(number: int) -> str:
    """The address of a host; with its prefix, see ``with_prefix``."""
    return f"10.94.0.{number}"


def with_prefix(of: str) -> str:
    """The address as an interface is given it."""
    return f"{of}/{_PREFIX}"


@contextmanager
def cut(host: str) -> Iterator[None]:
    """Let nothing reach a host, and nothing from it arrive, as when a switch loses its power."""
    interface = f"vb-{host}"
    subprocess.run(["ip", "link", "set", interface, "down"], check=True)
    try:
        yield
    finally:
        subprocess.run(["ip", "link", "set", interface, "up"], check=True)
