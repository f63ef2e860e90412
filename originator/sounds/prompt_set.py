"""A prompt set: the file ``set.yaml`` of a language, which people write."""

import re
import shlex
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from campaign.errors import OverdueError

FILE_NAME = "set.yaml"
ESPEAK = "espeak-ng -v {voice} -s 160 -a 70 -b 1 -f {text_file} -w {wav_file}"
"""Words a minute, amplitude (100 is near clipping), UTF-8."""

PROMPT_ID = re.compile(r"[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*")
_KEYS = ("voice", "version", "tts_command", "prompts")


@dataclass(frozen=True)
class PromptSet:
    """The messages of one language as texts, and how they are spoken."""

    language: str
    """The name of the folder, e.g. ``es_MX``; the first part of what the dialplan plays."""
    voice: str = ""
    version: str = ""
    """What people call this wording."""
    tts_command: str = ESPEAK
    """The program that speaks, with {voice}, {text_file} and {wav_file} to be filled in."""
    texts: dict[str, str] = field(default_factory=dict)
    """By prompt id."""

    def speech_command(self, text_file: Path, wav_file: Path) -> list[str]:
        """The words of the command that speaks ``text_file``; no shell ever reads them."""
        places = {
            "{voice}": self.voice,
            "{text_file}": str(text_file),
            "{wav_file}": str(wav_file),
        }
        words = shlex.split(self.tts_command)
        for place, value in places.items():
            words = [word.replace(place, value) for word in words]
        return words


def read_set(directory: Path) -> PromptSet:
    """The set of a language's folder; one without a file has no texts. Raises OverdueError."""
    path = directory / FILE_NAME
    if not path.is_file():
        return PromptSet(directory.name)
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise OverdueError(f"Save {path} as UTF-8: {error.reason}.") from error
    except yaml.YAMLError as error:
        raise OverdueError(f"Mend {path}, it is not YAML: {str(error).splitlines()[0]}.") from error
    if not isinstance(content, dict) or not isinstance(content.get("prompts"), dict):
        raise OverdueError(f"Write the messages into {path}, as `prompts:` with `id: text` below.")
    if unknown := sorted(map(str, content.keys() - set(_KEYS))):
        raise OverdueError(f"Remove {unknown[0]} from {path}: its keys are {', '.join(_KEYS)}.")
    settings = {key: _text(path, key, content[key]) for key in _KEYS[:3] if key in content}
    made = PromptSet(
        directory.name,
        **settings,
        texts={str(key): _text(path, key, text) for key, text in content["prompts"].items()},
    )
    _check(path, made)
    return made


def _text(path: Path, key: object, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise OverdueError(f"Write a text for {key} into {path}, in quotes where it is a number.")
    return value.strip()


def _check(path: Path, made: PromptSet) -> None:
    for prompt_id in made.texts:
        if not PROMPT_ID.fullmatch(prompt_id):
            raise OverdueError(
                f"Rename the prompt {prompt_id} in {path}: an id is written with the letters a to"
                " z, digits, _ and - only, with / between folders."
            )
    try:
        whole = {"{text_file}", "{wav_file}"} <= set(shlex.split(made.tts_command))
    except ValueError:
        whole = False
    if not whole:
        raise OverdueError(
            f"Write tts_command in {path} as a program with {{text_file}} and {{wav_file}} among"
            " its arguments: from the one it reads, into the other it speaks."
        )
