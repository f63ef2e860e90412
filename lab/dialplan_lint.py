"""Runs asterisklint over the dialplan and refuses every message that was not reviewed.

``python -m lab.dialplan_lint [DIRECTORY]`` prints what is wrong and exits with 1; 0: nothing is.
asterisklint itself can only switch off whole classes of messages, and exits with 1 on hints too.
"""

import os
import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Allowed:
    """One message of asterisklint that says nothing about our dialplan."""

    code: str
    text: str
    """A regular expression for the whole of the message."""


ALLOWED = (
    # asterisklint knows the functions of Asterisk 13 by a list of its own, which lacks this one of
    # func_hangupcause.c (Asterisk 11 and later).
    Allowed("E_FUNC_MISSING", r"function 'HANGUPCAUSE' does not exist \(or func_odbc created\?\)"),
    # func_version.c (Asterisk 1.6 and later).
    Allowed("E_FUNC_MISSING", r"function 'VERSION' does not exist \(or func_odbc created\?\)"),
    # app_amd.c and app_waitforsilence.c of every Asterisk since 1.4; asterisklint lacks them.
    Allowed(
        "E_APP_MISSING", r"app '(AMD|WaitForSilence)' does not exist, dialplan will halt here!"
    ),
)

_MESSAGE = re.compile(r"(?P<where>.+:\d+) (?P<code>[A-Z]_[A-Z0-9_]+): (?P<text>.*)")


def lint(directory: Path) -> list[str]:
    """What asterisklint says of the dialplan in ``directory``, without what ALLOWED says.

    Our own files are read together, as a PBX does, so that a Goto from one into another counts;
    then each sample beside the site's own file, from where it includes ours as ``overdue/…``.
    """
    ours = sorted(directory.glob("*.conf"), key=lambda file: not file.stem.endswith("_globals"))
    if not ours:
        return [f"there is no dialplan in {directory}"]
    samples = sorted(directory.glob("samples/extensions*.conf"))
    refused = _lint_site(directory, [f"overdue/{file.name}" for file in ours])
    for sample in samples:
        refused += _lint_site(directory, [sample.name])
    return list(dict.fromkeys(refused))


def _lint_site(directory: Path, includes: list[str]) -> list[str]:
    """The messages about a site whose extensions.conf includes these files."""
    with tempfile.TemporaryDirectory() as etc:
        (Path(etc) / "overdue").symlink_to(directory.resolve())
        for sample in directory.glob("samples/*.conf"):
            (Path(etc) / sample.name).symlink_to(sample.resolve())
        lines = "".join(f"#include {file}\n" for file in includes)
        (Path(etc) / "extensions.conf").write_text(
            f"[general]\nstatic=yes\n\n{lines}", encoding="utf-8"
        )
        # Not -m: asterisklint has no __main__, only its script.
        done = subprocess.run(
            [str(Path(sys.executable).with_name("asterisklint")), "dialplan-check"],
            cwd=etc,
            env={name: value for name, value in os.environ.items() if name != "ALINT_IGNORE"},
            capture_output=True,
            text=True,
            check=False,
        )
    said = done.stderr.splitlines()
    messages = [match for line in said if (match := _MESSAGE.fullmatch(line))]
    refused = [match.string for match in messages if not _is_allowed(match)]
    if len(messages) < len(said) or (done.returncode and not messages):
        # It stops with a traceback at a line that it cannot read, and names it in the last one.
        refused.append(f"asterisklint gave up: {said[-1] if said else done.returncode}")
    return refused


def _is_allowed(message: re.Match[str]) -> bool:
    return any(
        message["code"] == allowed.code and re.fullmatch(allowed.text, message["text"])
        for allowed in ALLOWED
    )


def main(arguments: list[str]) -> int:
    """Lint the directory named in ``arguments``, or ``dialplan``; the exit code."""
    refused = lint(Path(arguments[0] if arguments else "dialplan"))
    for message in refused:
        print(message, file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
