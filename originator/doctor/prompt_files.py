"""The files of a prompt, where they lie on this host."""

from collections.abc import Mapping
from dataclasses import dataclass

from originator.doctor.finding import Finding, Words, ok, wrong


@dataclass(frozen=True)
class SoundFile:
    """One file of a prompt."""

    size: int
    """Bytes."""
    sha256: str


def prompt_files(prompt: str, files: Mapping[str, SoundFile]) -> Finding:
    """``files``: by format, those that are there."""
    check = f"prompt files {prompt}"
    empty = sorted(name for name, file in files.items() if file.size == 0)
    if not files or empty:
        what = f"{prompt}.{empty[0]} is empty" if empty else f"{prompt} has no file"
        que = f"{prompt}.{empty[0]} está vacío" if empty else f"{prompt} no tiene archivo"
        return wrong(
            check,
            Words(what, que),
            Words(
                "build it with `originator sounds build` and copy it there",
                "constrúyalo con `originator sounds build` y cópielo allí",
            ),
        )
    named = ", ".join(f"{name} {file.sha256[:12]}" for name, file in sorted(files.items()))
    return ok(check, f"{prompt} (sha256): {named}", f"{prompt} (sha256): {named}")
