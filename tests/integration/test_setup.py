"""``script/setup.sh`` on machines that lack something: one sentence, and nothing half made."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    clone = tmp_path / "clone"
    (clone / "script").mkdir(parents=True)
    shutil.copy(REPOSITORY / "script" / "setup.sh", clone / "script")
    shutil.copy(REPOSITORY / "pyproject.toml", clone)
    return clone


@pytest.fixture
def programs(tmp_path: Path) -> Path:
    """A directory of programs that comes first, or alone, in PATH."""
    directory = tmp_path / "programs"
    directory.mkdir()
    return directory


def add(directory: Path, name: str, script: str) -> None:
    (directory / name).write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    (directory / name).chmod(0o755)


def run_setup(clone: Path, path: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [shutil.which("bash") or "bash", str(clone / "script" / "setup.sh")],
        env={"PATH": path},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_python_that_is_too_old_is_named(clone: Path, programs: Path) -> None:
    add(programs, "python3", '[ "$1" = --version ] && echo "Python 3.9.2"; [ "$1" = --version ]')
    for minor in range(11, 15):
        add(programs, f"python3.{minor}", "exit 127")
    done = run_setup(clone, f"{programs}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert done.stderr == (
        "setup: Python 3.11 or newer is needed, and this machine has Python 3.9.2\n"
    )
    assert not (clone / ".venv").exists()


def test_without_apt_the_missing_packages_are_named(clone: Path, programs: Path) -> None:
    for name in ("dirname", "mkdir", "date", "flock"):
        (programs / name).symlink_to(shutil.which(name) or name)
    add(programs, "python3", "exit 0")
    done = run_setup(clone, str(programs))
    assert done.returncode == 1
    assert done.stderr.startswith("setup: install these first, this is no Debian with apt-get: ")
    assert " ffmpeg espeak-ng" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_package_that_cannot_be_installed_leads_to_the_log(clone: Path, programs: Path) -> None:
    for name in ("dirname", "mkdir", "date", "flock", "env"):
        (programs / name).symlink_to(shutil.which(name) or name)
    add(programs, "python3", "exit 0")
    add(programs, "sudo", 'exec "$@"')
    add(programs, "apt-get", 'echo "apt-get $*"; exit 100')
    done = run_setup(clone, str(programs))
    log = clone / ".lab" / "setup.log"
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.endswith(f"could not be installed; the reason is at the end of {log}\n")
    install, update = [line for line in log.read_text().splitlines() if line.startswith("apt-get")]
    assert " ffmpeg espeak-ng" in install
    assert update.endswith(" update")
