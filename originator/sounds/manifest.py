"""``manifest.json`` beside the built files of a set: what each says and what it was made from."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from originator.sounds.level import Level

FILE_NAME = "manifest.json"
HASH_ENDING = "sha256"
"""Of the file that holds a prompt's hash, which the PBX reads (``[overdue-probe]``)."""


@dataclass(frozen=True)
class Entry:
    """One built prompt."""

    text: str | None
    """None: a recording of which nobody wrote the words down."""
    voice: str
    version: str
    made_from: str
    """Hash of the source and of every setting."""
    hash: str
    """SHA-256 of the built .sln16 file: what exactly was heard."""
    files: dict[str, str]
    """Hash of each built file by its name: a damaged or missing one is built again."""
    level: Level

    def stands(self, made_from: str, directory: Path) -> bool:
        """Whether it was made from this, and all its files are as they were built."""
        return self.made_from == made_from and self.files == hashes(
            directory / name for name in self.files
        )


class Manifest:
    """The entries of one set, by prompt id."""

    def __init__(self, directory: Path) -> None:
        """Read the one of a set's directory; none, or one from another release, is empty."""
        self._directory = directory
        self.entries: dict[str, Entry] = {}
        try:
            raw = json.loads((directory / FILE_NAME).read_text(encoding="utf-8"))
            self.entries = {
                prompt_id: Entry(**{**each, "level": Level(**each["level"])})
                for prompt_id, each in raw["prompts"].items()
            }
        except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
            return

    def write(self) -> None:
        """Write it as JSON, and its hash beside it, where it changed and holds a prompt."""
        if not self.entries:
            return
        prompts = {key: asdict(self.entries[key]) for key in sorted(self.entries)}
        content = {"language": self._directory.name, "prompts": prompts}
        text = json.dumps(content, indent=1, ensure_ascii=False) + "\n"
        path = self._directory / FILE_NAME
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            return
        _replace(path, text)
        _replace(path.with_suffix(f".{HASH_ENDING}"), hashlib.sha256(text.encode()).hexdigest())


def hashes(files: Iterable[Path]) -> dict[str, str]:
    """SHA-256 of those of the files that are there, by name."""
    return {
        file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files if file.is_file()
    }


def _replace(path: Path, text: str) -> None:
    new = path.with_name(f".{path.name}")
    new.write_text(text, encoding="utf-8")
    new.chmod(0o644)
    new.replace(path)
