"""The check before a dialplan leaves the control machine: loaded by an Asterisk of its own."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from lab import Lab
from lab.lab import REPOSITORY


def load(directory: Path) -> "subprocess.CompletedProcess[str]":
    """As the playbook calls it, in a network of its own."""
    return subprocess.run(
        ["unshare", "--net", sys.executable, "-m", "lab.dialplan_load", str(directory)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.usefixtures("lab")
def test_the_dialplan_is_loaded_as_it_is_written() -> None:
    assert load(REPOSITORY / "dialplan").returncode == 0


@pytest.mark.usefixtures("lab")
def test_a_step_that_asterisk_does_not_load_is_named(tmp_path: Path) -> None:
    broken = shutil.copytree(REPOSITORY / "dialplan", tmp_path / "dialplan")
    file = broken / "overdue.conf"
    file.write_text(
        file.read_text().replace("exten => hold,1,Answer()", "exten => hold,7,Answer()")
    )
    done = load(broken)
    assert done.returncode == 1
    assert "Asterisk" in done.stderr
    assert "hold" in done.stderr


def test_the_lab_is_left_alone(lab: Lab) -> None:
    assert "overdue-hangup" in lab.pbx.cli("dialplan show overdue-hangup")
