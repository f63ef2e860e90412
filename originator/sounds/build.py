"""Builds the playable files of every prompt, only where something changed."""

import tempfile
from array import array
from dataclasses import dataclass
from pathlib import Path

from campaign.errors import OverdueError
from originator.sounds.audio_tools import FORMATS, VOICE, convert, samples, speak
from originator.sounds.level import Level
from originator.sounds.prompt import Prompt, find_prompts
from originator.sounds.stamp import Stamp, content_hash

TELEPHONE_BAND = "aformat=sample_fmts=flt,highpass=f=300,lowpass=f=3400"
"""What a telephone carries, in Hz; in floating point, so that the filters cannot clip."""

PEAK_DBFS = -3.0
"""Every prompt is brought to this peak: loud, and the codecs' overshoot stays below full scale."""

_SOURCE_RATE = 48000
"""At or above that of the usual recordings, so that a cut-off wave stays one."""

_BUILT_RATE = 16000
_SETTINGS = repr((VOICE, TELEPHONE_BAND, PEAK_DBFS, FORMATS))


@dataclass(frozen=True)
class Built:
    """One prompt, ready to be played."""

    prompt: Prompt
    level: Level
    """Measured on the 16 kHz file."""
    files: tuple[Path, ...]
    changed: bool
    """Whether this build made the files; False: they stood already."""


def build(source: Path, to: Path) -> list[Built]:
    """Make every prompt under ``source`` in each of FORMATS under ``to``, at the same path.

    Raises OverdueError for a prompt that cannot be made, is silent or clipped; then its files are
    as they were before.
    """
    try:
        return [_build_prompt(prompt, to) for prompt in find_prompts(source, skip=to)]
    except OSError as error:
        raise OverdueError(
            f"Cannot build the prompts in {to}: {error.strerror} ({error.filename})."
        ) from error


def _build_prompt(prompt: Prompt, to: Path) -> Built:
    target = to / prompt.name
    files = tuple(target.with_name(f"{target.name}.{ending}") for ending in FORMATS)
    stamp_file = target.with_name(f"{target.name}.built")
    made_from = content_hash(_SETTINGS.encode(), prompt.source)
    stamp = Stamp.read(stamp_file)
    if stamp is not None and stamp.made_from == made_from and stamp.describes(files):
        return Built(prompt, stamp.level, files, changed=False)

    _make_directory(target.parent)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=target.parent) as directory:
        made, level = _make(prompt, Path(directory))
        new_stamp = Path(directory) / stamp_file.name
        Stamp.of(made_from, level, made).write(new_stamp)
        # The stamp goes last: it vouches for the others.
        for file in (*made, new_stamp):
            file.chmod(0o644)
            file.replace(target.with_name(file.name))
    return Built(prompt, level, files, changed=True)


def _make(prompt: Prompt, directory: Path) -> tuple[list[Path], Level]:
    """Make the files in ``directory``; raises OverdueError when nobody could understand them."""
    audio = prompt.source
    if prompt.is_text:
        audio = directory / "spoken.wav"
        speak(prompt.source, audio)
    _refuse(prompt, Level.of(samples(audio, _SOURCE_RATE, "anull"), _SOURCE_RATE))
    in_band = Level.of(samples(audio, _BUILT_RATE, TELEPHONE_BAND), _BUILT_RATE)
    _refuse(prompt, in_band)
    gain_db = PEAK_DBFS - in_band.peak_dbfs
    name = Path(prompt.name).name
    made = convert(audio, directory / name, f"{TELEPHONE_BAND},volume={gain_db:.2f}dB")
    level = Level.of(array("h", (directory / f"{name}.sln16").read_bytes()), _BUILT_RATE)
    _refuse(prompt, level)
    return made, level


def _refuse(prompt: Prompt, level: Level) -> None:
    complaint = level.complaint()
    if complaint is not None:
        raise OverdueError(f"The prompt {prompt.name} ({prompt.source}) {complaint}.")


def _make_directory(directory: Path) -> None:
    """Make it and what is missing above it, readable by the PBX's own user whatever the umask."""
    if not directory.exists():
        _make_directory(directory.parent)
        directory.mkdir(exist_ok=True)
        directory.chmod(0o755)
