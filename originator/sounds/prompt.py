"""Which prompts a directory holds, and what each is made from."""

from dataclasses import dataclass
from pathlib import Path

from campaign.errors import OverdueError
from originator.sounds.prompt_set import FILE_NAME, PROMPT_ID, PromptSet, read_set

RECORDINGS = (".wav", ".mp3")
"""The endings of recordings, best first; a recording wins over the text of the same id."""


@dataclass(frozen=True)
class Prompt:
    """One message that can be played."""

    prompt_id: str
    """Within its set, e.g. ``morosos_natalia`` or ``number/21``."""
    of: PromptSet
    recording: Path | None

    @property
    def name(self) -> str:
        """As the dialplan says it: the path without its ending, e.g. ``es_MX/number/21``."""
        return f"{self.of.language}/{self.prompt_id}"

    @property
    def text(self) -> str | None:
        """What is said; None: a recording of which nobody wrote the words down."""
        return self.of.texts.get(self.prompt_id)

    @property
    def voice(self) -> str:
        """Whose it is: the voice of the set, or that of a recording."""
        return "recording" if self.recording else self.of.voice


def find_prompts(source: Path, skip: Path) -> list[Prompt]:
    """The prompts of the language folders below ``source``, none below ``skip``, by name.

    Raises OverdueError.
    """
    if not source.is_dir():
        raise OverdueError(f"There is no directory {source}: give --source one that holds prompts.")
    prompts = [
        prompt
        for directory in sorted(source.iterdir())
        if directory.is_dir() and not directory.is_relative_to(skip)
        for prompt in _of_language(directory)
    ]
    if not prompts:
        raise OverdueError(
            f"There is no prompt under {source}: put a {FILE_NAME} with texts, or recordings (.wav,"
            " .mp3), into a folder named after their language, such as es_MX/welcome.wav."
        )
    return prompts


def _of_language(directory: Path) -> list[Prompt]:
    texts = read_set(directory)
    recordings: dict[str, Path] = {}
    for ending in RECORDINGS:
        for path in sorted(directory.rglob("*")):
            if path.suffix.lower() != ending or not path.is_file():
                continue
            prompt_id = path.relative_to(directory).with_suffix("").as_posix()
            if not PROMPT_ID.fullmatch(prompt_id):
                raise OverdueError(
                    f"Rename {path}: the name of a prompt is written with the letters a to z,"
                    " digits, _ and - only."
                )
            recordings.setdefault(prompt_id, path)
    return [
        Prompt(prompt_id, texts, recordings.get(prompt_id))
        for prompt_id in sorted(texts.texts.keys() | recordings.keys())
    ]
