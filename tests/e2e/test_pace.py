"""The pace at the carrier, by the packets: never more in a second, and hardly less.

Each rate is a program of its own, in a network of its own, that goes first where the machine allows
it, with all data in memory: what is measured is the pace, not what else the machine and its disk
have to do. It wants both processors all the same, so nothing else may run in real time beside it.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from lab.bench.pace import COURSES, LEAST, RATES
from lab.lab import TREE
from lab.tree import ensure_tree

SECONDS = 30
_ENTER = 'ip link set lo up && exec "$@"'
_FIRST = ("chrt", "-r", "1")


@pytest.fixture
def memory() -> Iterator[Path]:
    ensure_tree(TREE)  # while the mirror can still be reached
    with TemporaryDirectory(dir="/dev/shm", prefix="pace-") as directory:
        yield Path(directory)


@pytest.fixture(scope="module")
def first() -> tuple[str, ...]:
    """The command in front of another that lets it go first; nothing where that is not allowed."""
    asked = subprocess.run([*_FIRST, "true"], capture_output=True, check=False)
    return _FIRST if asked.returncode == 0 else ()


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("rate", RATES)
def test_no_second_holds_more_and_hardly_less_is_reached(
    rate: int, memory: Path, first: tuple[str, ...]
) -> None:
    figures = memory / "figures.json"
    bench = (sys.executable, "-m", "lab.bench", "pace", "--seconds", str(SECONDS))
    options = ("--rate", str(rate), "--state", str(memory / "lab"), "--json", str(figures))
    done = subprocess.run(
        [*first, "unshare", "--net", "sh", "-c", _ENTER, "sh", *bench, *options],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    paces = json.loads(figures.read_text())
    assert [pace["course"] for pace in paces] == list(COURSES)
    for pace in paces:
        assert pace["busiest"] <= rate, pace
        assert pace["reached"] >= LEAST, pace
