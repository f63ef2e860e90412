"""Which prompts a directory holds, and what each is made from."""

import re
from dataclasses import dataclass
from pathlib import Path

from campaign.errors import OverdueError

SOURCES = (".wav", ".mp3", ".txt")
"""What a prompt can be made from, best first: a recording wins over the text beside it."""

_NAME = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")


@dataclass(frozen=True)
class Prompt:
    """One message that can be played."""

    name: str
    """As the dialplan says it: the path without its ending, e.g. ``es_MX/morosos_natalia``."""
    source: Path

    @property
    def is_text(self) -> bool:
        """Whether the message has to be spoken first."""
        return self.source.suffix.lower() == ".txt"


def find_prompts(source: Path, skip: Path) -> list[Prompt]:
    """The prompts under ``source`` but not under ``skip``, by name; raises OverdueError."""
    if not source.is_dir():
        raise OverdueError(f"There is no directory {source}: give --source one that holds prompts.")
    best: dict[str, Path] = {}
    for path in sorted(source.rglob("*")):
        if path.suffix.lower() not in SOURCES or not path.is_file() or path.is_relative_to(skip):
            continue
        name = path.relative_to(source).with_suffix("").as_posix()
        if not _NAME.fullmatch(name):
            raise OverdueError(
                f"Rename {path}: the name of a prompt is written with the letters a to z, digits,"
                " _ and - only."
            )
        if name not in best or _rank(path) < _rank(best[name]):
            best[name] = path
    if not best:
        raise OverdueError(
            f"There is no prompt under {source}: put a .wav, .mp3 or .txt file into a folder named"
            " after its language, such as es_MX/welcome.wav."
        )
    return [Prompt(name, best[name]) for name in sorted(best)]


def _rank(path: Path) -> int:
    return SOURCES.index(path.suffix.lower())
