"""What stands beside the built files and says what they were made from."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from originator.sounds.level import Level


@dataclass(frozen=True)
class Stamp:
    """The content hashes of a build, so that an unchanged prompt is not built again."""

    made_from: str
    """Hash of the source and of every setting."""
    files: dict[str, str]
    """Hash of each built file by its name: a damaged or missing one is built again."""
    level: Level

    @classmethod
    def of(cls, made_from: str, level: Level, files: Iterable[Path]) -> "Stamp":
        """The stamp of files that were just built."""
        return cls(made_from, {file.name: content_hash(b"", file) for file in files}, level)

    @classmethod
    def read(cls, path: Path) -> "Stamp | None":
        """The stamp in ``path``; None when there is none, or one that this program cannot read."""
        try:
            raw = json.loads(path.read_text(encoding="utf-8"))
            return cls(raw["made_from"], raw["files"], Level(**raw["level"]))
        except (FileNotFoundError, ValueError, KeyError, TypeError):
            return None

    def write(self, path: Path) -> None:
        """Write it as JSON."""
        path.write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def describes(self, files: Iterable[Path]) -> bool:
        """Whether exactly these files stand as they were built."""
        found = {file.name: content_hash(b"", file) for file in files if file.is_file()}
        return found == self.files


def content_hash(settings: bytes, file: Path) -> str:
    """SHA-256 of ``settings``, the file's ending and its content."""
    digest = hashlib.sha256(settings)
    digest.update(file.suffix.lower().encode())
    digest.update(file.read_bytes())
    return digest.hexdigest()
