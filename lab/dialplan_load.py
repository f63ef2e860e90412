"""Loads the dialplan into an Asterisk of its own and compares what it shows with the files.

``python -m lab.dialplan_load [DIRECTORY]`` prints what differs and exits with 1; 0: nothing does.
Asterisk takes the lab's ports: give it a network namespace of its own (``unshare --net``).
"""

import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from dialplan.steps import Step, shown, written
from lab.errors import LabError
from lab.lab import TREE
from lab.pbx import Pbx


def differences(directory: Path, tree: Path) -> list[str]:
    """The steps that Asterisk lacks, or has beside those of the files; raises LabError."""
    files = [file for file in sorted(directory.glob("*.conf")) if "globals" not in file.stem]
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    contexts = re.findall(r"^\[([\w-]+)\]", text, re.MULTILINE)
    with tempfile.TemporaryDirectory(prefix="overdue-dialplan-") as state:
        pbx = Pbx(Path(state), tree, directory)
        pbx.configure("nobody logs in here", Path(state) / "no-sounds")
        pbx.start()
        try:
            pbx.wait_booted()
            loaded = shown("".join(pbx.cli(f"dialplan show {context}") for context in contexts))
        finally:
            pbx.process.signal(signal.SIGTERM)
            pbx.process.wait_ended()
    return _sentences(written(text), loaded)


def _sentences(wanted: set[Step], loaded: set[Step]) -> list[str]:
    lacking = [f"Asterisk does not load the step {step}" for step in sorted(wanted - loaded)]
    return lacking + [f"Asterisk loads the step {step}" for step in sorted(loaded - wanted)]


def main(arguments: list[str]) -> int:
    """Load the directory named in ``arguments``, or ``dialplan``; the exit code."""
    subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
    try:
        refused = differences(Path(arguments[0] if arguments else "dialplan"), TREE)
    except LabError as error:
        refused = [str(error)]
    for sentence in refused:
        print(sentence, file=sys.stderr)
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
