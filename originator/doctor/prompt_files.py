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
    as_built: bool | None
    """Whether it is what `originator sounds build` made; None: no manifest beside it knows it."""


def prompt_files(prompt: str, files: Mapping[str, SoundFile]) -> Finding:
    """``files``: by format, those that are there."""
    check = f"prompt files {prompt}"
    empty = sorted(name for name, file in files.items() if file.size == 0)
    altered = sorted(name for name, file in files.items() if file.as_built is False)
    if not files:
        return _wrong(check, f"{prompt} has no file", f"{prompt} no tiene archivo")
    if empty:
        file = f"{prompt}.{empty[0]}"
        return _wrong(check, f"{file} is empty", f"{file} está vacío")
    if altered:
        names = ", ".join(f"{prompt}.{name}" for name in altered)
        return _wrong(check, f"not as it was built: {names}", f"no es como se construyó: {names}")
    named = ", ".join(f"{name} {file.sha256[:12]}" for name, file in sorted(files.items()))
    built = all(file.as_built for file in files.values())
    english, spanish = (", as built", ", como se construyó") if built else ("", "")
    return ok(check, f"sha256 {named}{english}", f"sha256 {named}{spanish}")


def _wrong(check: str, english: str, spanish: str) -> Finding:
    return wrong(
        check,
        Words(english, spanish),
        Words(
            "build it with `originator sounds build` and copy it there",
            "constrúyalo con `originator sounds build` y cópielo allí",
        ),
    )
