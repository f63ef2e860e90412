"""Other clones of the repository, with the tools of this one."""

import shutil
import subprocess
import sys
from pathlib import Path

from tests.hosts.playbook import ROOT

_INSTALLED = ("campaign", "originator", "fastagi_server", "dialplan", "sounds")
"""What a release is made of."""


def copy_present(to: Path) -> Path:
    """The repository as it is now; returns ``to``."""
    for name in _git("ls-files", "-z").split("\0"):
        if name and (ROOT / name).exists():
            (to / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(ROOT / name, to / name)
    _share_tools(to)
    return to


def check_out_before(to: Path) -> Path | None:
    """The commit before the last change of what is installed; None where git does not have it."""
    (last,) = _git("rev-list", "--no-merges", "-1", "HEAD", "--", *_INSTALLED).split()
    before = subprocess.run(
        ["git", "archive", f"--output={to}.tar", f"{last}^"],
        cwd=ROOT,
        stderr=subprocess.DEVNULL,
        check=False,
    )
    if before.returncode != 0:
        return None
    to.mkdir()
    subprocess.run(["tar", "-xf", f"{to}.tar", "-C", str(to)], check=True)
    _share_tools(to)
    return to


def fetch_wheels(clone: Path, python: str) -> None:
    """Fetch what a host's Python needs, as the playbook does; the fetched files are kept."""
    build = clone / "build" / "ansible"
    subprocess.run([str(clone / "script" / "build-wheel"), str(build / "wheel")], check=True)
    subprocess.run(
        [str(clone / "ansible" / "fetch-wheels"), sys.executable, str(build), python, "x86_64"],
        check=True,
        stdout=subprocess.DEVNULL,
    )


def share_prompts(clone: Path) -> None:
    """Give a clone the prompts that were built here: only those that differ are built there."""
    built = Path("build/ansible/sounds")
    shutil.copytree(ROOT / built, clone / built, dirs_exist_ok=True)


def _share_tools(clone: Path) -> None:
    (clone / ".venv").symlink_to(ROOT / ".venv")
    for fetched in (ROOT / "build" / "ansible").glob("dependencies-*"):
        shutil.copytree(fetched, clone / "build" / "ansible" / fetched.name)


def _git(*arguments: str) -> str:
    return subprocess.run(
        ["git", *arguments], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
