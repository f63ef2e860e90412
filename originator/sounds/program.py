"""The programs that speak and convert, and what is said when one of them cannot."""

import subprocess
from collections.abc import Sequence
from pathlib import Path

from campaign.errors import OverdueError


def run(command: Sequence[str], source: Path) -> str:
    """Run a program on ``source`` without a shell; returns its messages, raises OverdueError."""
    program = command[0]
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, check=False, errors="replace"
        )
    except FileNotFoundError as error:
        raise OverdueError(
            f"{program} is missing: install it, on Debian with 'apt-get install {program}'."
        ) from error
    except PermissionError as error:
        raise OverdueError(f"{program} is no program that may be run: give another.") from error
    if done.returncode == 0:
        return done.stderr
    said = (done.stderr or done.stdout).strip().splitlines() or ["no reason given"]
    if any("libgsm" in line for line in said):
        raise OverdueError(
            "This ffmpeg cannot write GSM: install one built with libgsm, such as Debian's."
        )
    raise OverdueError(f"{program} cannot use {source}: {said[-1]}.")
