"""The network, the carrier and the trees that all hosts of a run share."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.lab import STATE, TREE
from lab.tree import ensure_tree
from tests.hosts import carrier, clones, network, trees
from tests.hosts.carrier import CarrierOfHosts
from tests.hosts.machine import Machine, new_key
from tests.hosts.playbook import ROOT

TREES = STATE / "trees"
HOST_1 = network.address(11)
HOST_2 = network.address(12)
HOST_3 = network.address(13)
HOST_4 = network.address(14)


@pytest.fixture(scope="session")
def hosts_directory() -> Iterator[Path]:
    """Where the run keeps its hosts; an overlay cannot lie on another one, as /tmp may."""
    STATE.mkdir(exist_ok=True)
    directory = Path(tempfile.mkdtemp(prefix="hosts-", dir=STATE))
    yield directory
    shutil.rmtree(directory)


@pytest.fixture(scope="session")
def key(hosts_directory: Path) -> Path:
    return new_key(hosts_directory)


@pytest.fixture(scope="session")
def bridge(hosts_directory: Path, key: Path) -> None:
    """Into the network of the hosts; what all of them need is fetched before."""
    ensure_tree(TREE)
    clones.fetch_wheels(ROOT, "3.14")
    bare = trees.tree_of(trees.BARE, TREES)
    try:
        network.enter()
    except (OSError, subprocess.CalledProcessError) as error:
        pytest.skip(f"this machine can have no hosts: {error}")
    probe = Machine("probe", network.address(2), bare, hosts_directory / "probe", key)
    probe.create()
    if not probe.boots():
        pytest.skip(f"no host with systemd boots on this machine: {probe.last_words()}")
    probe.stop()


@pytest.fixture(scope="session")
def carrier_of_hosts(bridge: None, hosts_directory: Path) -> Iterator[CarrierOfHosts]:
    made = carrier.make(hosts_directory, TREE, HOST_1, HOST_2)
    yield made
    made.process.signal(signal.SIGTERM)
    made.process.wait_ended()


@pytest.fixture(scope="session")
def clone_before(bridge: None, hosts_directory: Path) -> Path | None:
    """The clone of the commit before, where git has it."""
    clone = clones.check_out_before(hosts_directory / "before")
    if clone is not None:
        with network.left():
            clones.fetch_wheels(clone, "3.14")
        clones.share_prompts(clone)
    return clone


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """Another clone of the repository, as it is now."""
    return clones.copy_present(tmp_path / "clone")
