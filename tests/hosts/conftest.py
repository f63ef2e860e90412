"""The network, the carrier and the trees that all hosts of a run share."""

import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.lab import STATE, TREE
from lab.tree import ensure_tree
from tests.hosts import carrier, network, trees
from tests.hosts.carrier import CarrierOfHosts
from tests.hosts.machine import new_key
from tests.hosts.playbook import ROOT

TREES = STATE / "trees"
HOST_1 = network.address(11)
HOST_2 = network.address(12)
HOST_3 = network.address(13)


@pytest.fixture(scope="session")
def hosts_directory() -> Iterator[Path]:
    """Where the run keeps its hosts; an overlay cannot lie on another one, as /tmp may."""
    STATE.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="hosts-", dir=STATE))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def tree_forky() -> Path:
    return trees.tree_of(trees.FORKY_PBX, TREES)


@pytest.fixture(scope="session")
def tree_bullseye() -> Path:
    return trees.tree_of(trees.BULLSEYE_PBX, TREES)


@pytest.fixture(scope="session")
def tree_sid() -> Path:
    return trees.tree_of(trees.APPLICATION, TREES)


@pytest.fixture(scope="session")
def bridge(tree_forky: Path, tree_bullseye: Path, tree_sid: Path) -> None:
    """Into the network of the hosts; the trees are built while a mirror can still be reached."""
    ensure_tree(TREE)
    fetch_wheels("3.14")
    network.enter()


def fetch_wheels(python: str) -> None:
    """Fetch what a host's Python needs, as the playbook does; the fetched files are kept."""
    build = ROOT / "build" / "ansible"
    subprocess.run([str(ROOT / "script" / "build-wheel"), str(build / "wheel")], check=True)
    subprocess.run(
        [str(ROOT / "ansible" / "fetch-wheels"), sys.executable, str(build), python, "x86_64"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


@pytest.fixture(scope="session")
def carrier_of_hosts(bridge: None, hosts_directory: Path) -> Iterator[CarrierOfHosts]:
    made = carrier.make(hosts_directory, TREE, HOST_2)
    yield made
    made.process.signal(signal.SIGTERM)
    made.process.wait_ended()


@pytest.fixture(scope="session")
def key(hosts_directory: Path) -> Path:
    return new_key(hosts_directory)


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Another clone of the repository, as it is now, with the same tools."""
    copy = tmp_path / "clone"
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    for name in listed.stdout.split("\0"):
        if name and (ROOT / name).exists():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, copy / name)
    (copy / ".venv").symlink_to(ROOT / ".venv")
    return copy
