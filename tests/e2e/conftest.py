"""One lab for the whole run; its Debian tree is the one that ``python -m lab`` uses."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import Lab
from lab.lab import REPOSITORY, STATE
from originator.sounds import build
from tests.e2e.scene import Scene


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    lab = Lab(STATE / "e2e")
    build(REPOSITORY / "sounds", lab.state / "sounds")
    build(REPOSITORY / "lab" / "prompts", lab.state / "sounds")
    lab.up()
    yield lab
    lab.down()


@pytest.fixture
def scene(lab: Lab, tmp_path: Path) -> Iterator[Scene]:
    """An empty company, a PBX without calls, a FastAGI server that runs."""
    scene = Scene(lab, tmp_path)
    scene.clear()
    yield scene
    scene.leave()
