"""One lab for each process of the run; its Debian tree is the one that ``python -m lab`` uses."""

import ctypes
import fcntl
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import Lab
from lab.lab import REPOSITORY, STATE, TREE
from lab.tree import ensure_tree
from originator.sounds import build
from tests.e2e.scene import Scene

_CLONE_NEWNET = 0x40000000
"""sched.h; os.unshare came with Python 3.12."""


@pytest.fixture(scope="session")
def lab(worker_id: str) -> Iterator[Lab]:
    """A lab in a network namespace of its own: no port is shared with another, or with a demo."""
    ensure_tree(TREE)  # while the mirror can still be reached
    if ctypes.CDLL(None, use_errno=True).unshare(_CLONE_NEWNET) != 0:
        raise OSError(ctypes.get_errno(), "the end-to-end tests need root: run them with sudo")
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    lab = Lab(STATE / f"e2e-{worker_id}")
    shutil.copytree(_prompts(), lab.state / "sounds", dirs_exist_ok=True)
    lab.up()
    yield lab
    lab.down()


def _prompts() -> Path:
    """All prompts, built once for all processes."""
    built = STATE / "e2e-prompts"
    built.mkdir(parents=True, exist_ok=True)
    with (built.parent / "e2e-prompts.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        build(REPOSITORY / "sounds", built)
        build(REPOSITORY / "lab" / "prompts", built)
    return built


@pytest.fixture
def scene(lab: Lab, tmp_path: Path) -> Iterator[Scene]:
    """An empty company, a PBX without calls, a FastAGI server that runs."""
    scene = Scene(lab, tmp_path)
    scene.clear()
    yield scene
    scene.leave()
