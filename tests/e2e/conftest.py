"""One lab for the whole run; its Debian tree is the one that ``python -m lab`` uses."""

from collections.abc import Iterator

import pytest

from lab import Lab
from lab.lab import STATE


@pytest.fixture(scope="session")
def lab() -> Iterator[Lab]:
    lab = Lab(STATE / "e2e")
    lab.up()
    yield lab
    lab.down()
