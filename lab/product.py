"""The product's programs in the lab, started as a person starts them."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from lab.errors import LabError
from lab.lab import Lab
from lab.waiting import wait_until

BIN = Path(sys.executable).parent
_START_SECONDS = 15


def start_fastagi(lab: Lab, *options: str, environment: Mapping[str, str] | None = None) -> None:
    """Start the FastAGI server and wait until it answers; raises LabError.

    ``environment``: variables in place of the lab's.
    """
    server = lab.fastagi
    server.start(
        [str(BIN / "fastagi-server"), "serve", *options],
        environment={**lab.env(), **(environment or {})},
    )
    healthy = wait_until(
        lambda: server.pid is None or run(lab, "fastagi-server", "health").returncode == 0,
        _START_SECONDS,
    )
    if not healthy or server.pid is None:
        raise LabError(f"fastagi-server did not start: {server.last_words()}; see {server.log}.")


def run(lab: Lab, program: str, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Run one of our commands to its end, with the lab's environment."""
    return subprocess.run(
        [str(BIN / program), *arguments],
        env={**os.environ, **lab.env()},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def start(
    lab: Lab,
    program: str,
    *arguments: str,
    log: Path,
    environment: Mapping[str, str] | None = None,
) -> "subprocess.Popen[bytes]":
    """Start one of our commands; its output goes to ``log``.

    ``environment``: variables in place of the lab's.
    """
    with log.open("wb") as output:
        return subprocess.Popen(
            [str(BIN / program), *arguments],
            env={**os.environ, **lab.env(), **(environment or {})},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
