"""Builds the playable files of every prompt, only where something changed."""

import hashlib
import os
import tempfile
import wave
from array import array
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from campaign.errors import OverdueError
from originator.sounds.ffmpeg import (
    BAND_RATE,
    FORMATS,
    SOURCE_RATE,
    TELEPHONE_BAND,
    Cut,
    convert,
    decode,
    loudness,
)
from originator.sounds.level import Level
from originator.sounds.manifest import HASH_ENDING, Entry, Manifest, hashes
from originator.sounds.program import run
from originator.sounds.prompt import Prompt, find_prompts
from originator.sounds.silence import sounding

LOUDNESS_LUFS = -23.0
"""EBU R128's level of a programme, integrated, in the telephone band."""
CEILING_DBFS = -3.0
"""Few recordings reach it; the codecs' overshoot stays below full scale."""

_TOGETHER = 16
"""Prompts for one process of ffmpeg."""
_SETTINGS = repr((TELEPHONE_BAND, LOUDNESS_LUFS, CEILING_DBFS, FORMATS, "2"))


@dataclass(frozen=True)
class Built:
    """One prompt, ready to be played."""

    prompt: Prompt
    level: Level
    """Measured on the 16 kHz file."""
    hash: str
    files: tuple[Path, ...]
    changed: bool
    """Whether this build made the files; False: they stood already."""


def build(source: Path, to: Path) -> list[Built]:
    """Make every prompt under ``source`` in each of FORMATS under ``to``, at the same path.

    Raises OverdueError for a prompt that cannot be made, is silent or clipped; then its files are
    as they were before.
    """
    try:
        prompts = find_prompts(source, skip=to)
        return [
            built
            for language, of_language in groupby(prompts, key=lambda each: each.of.language)
            for built in _build_set(list(of_language), to / language)
        ]
    except OSError as error:
        raise OverdueError(
            f"Cannot build the prompts in {to}: {error.strerror} ({error.filename})."
        ) from error


def _build_set(prompts: list[Prompt], directory: Path) -> list[Built]:
    _make_directory(directory)
    manifest = Manifest(directory)
    changed = [each for each in prompts if not _stands(each, directory, manifest)]
    groups = [changed[at : at + _TOGETHER] for at in range(0, len(changed), _TOGETHER)]
    # The work is done by other programs: a thread for each core waits for them.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        futures = [threads.submit(_make_group, each, directory, manifest) for each in groups]
        try:
            for future in futures:
                future.result()
        finally:
            threads.shutdown(cancel_futures=True)
            # The manifest goes last: it vouches for the files, also of a build that was cut short.
            manifest.write()
    return [_built(each, directory, manifest, each in changed) for each in prompts]


def _stands(prompt: Prompt, directory: Path, manifest: Manifest) -> bool:
    entry = manifest.entries.get(prompt.prompt_id)
    parent = (directory / prompt.prompt_id).parent
    return entry is not None and entry.stands(_made_from(prompt), parent)


def _built(prompt: Prompt, directory: Path, manifest: Manifest, changed: bool) -> Built:
    entry = manifest.entries[prompt.prompt_id]
    target = directory / prompt.prompt_id
    files = tuple(target.with_name(f"{target.name}.{ending}") for ending in FORMATS)
    return Built(prompt, entry.level, entry.hash, files, changed)


def _make_group(prompts: list[Prompt], directory: Path, manifest: Manifest) -> None:
    try:
        _make(prompts, directory, manifest)
    except OverdueError:
        if len(prompts) == 1:
            raise
        # One of them is wrong: alone it is named, and the others are made.
        for prompt in prompts:
            _make([prompt], directory, manifest)


def _made_from(prompt: Prompt) -> str:
    digest = hashlib.sha256(_SETTINGS.encode())
    digest.update(repr((prompt.text, prompt.voice, prompt.of.version)).encode())
    if prompt.recording is None:
        digest.update(prompt.of.tts_command.encode())
    else:
        digest.update(prompt.recording.suffix.lower().encode() + prompt.recording.read_bytes())
    return digest.hexdigest()


def _make(prompts: list[Prompt], directory: Path, manifest: Manifest) -> None:
    """Make their files; raises OverdueError when nobody could understand one of them."""
    with tempfile.TemporaryDirectory(prefix=".building-", dir=directory) as scratch:
        desks = [Path(scratch) / str(place) for place in range(len(prompts))]
        for desk in desks:
            desk.mkdir()
        sources = [
            prompt.recording or _speak(prompt, desk)
            for prompt, desk in zip(prompts, desks, strict=True)
        ]
        decode(
            [
                (source, desk / "whole.raw", desk / "band.wav")
                for source, desk in zip(sources, desks, strict=True)
            ]
        )
        cuts = [_cut(prompt, desk) for prompt, desk in zip(prompts, desks, strict=True)]
        gains = [_gain(LOUDNESS_LUFS - measured) for measured in loudness(cuts)]
        targets = [directory / prompt.prompt_id for prompt in prompts]
        made = [desk / target.name for desk, target in zip(desks, targets, strict=True)]
        convert(list(zip(cuts, made, gains, strict=True)))
        for prompt, best, target in zip(prompts, made, targets, strict=True):
            manifest.entries[prompt.prompt_id] = _install(prompt, best, target)


def _cut(prompt: Prompt, desk: Path) -> Cut:
    _refuse(prompt, Level.of(array("h", (desk / "whole.raw").read_bytes()), SOURCE_RATE))
    with wave.open(str(desk / "band.wav")) as band:
        in_band = array("h", band.readframes(band.getnframes()))
    _refuse(prompt, Level.of(in_band, BAND_RATE))
    return Cut(desk / "band.wav", *sounding(in_band, BAND_RATE))


def _gain(decibels: float) -> str:
    ceiling = 10 ** (CEILING_DBFS / 20)
    return f"volume={decibels:.2f}dB,alimiter=limit={ceiling:.4f}:attack=1:level=false"


def _install(prompt: Prompt, made: Path, target: Path) -> Entry:
    """Move what was made to its place, with its hash beside it."""
    files = [made.with_name(f"{made.name}.{ending}") for ending in (*FORMATS, HASH_ENDING)]
    best = made.with_name(f"{made.name}.sln16")
    level = Level.of(array("h", best.read_bytes()), BAND_RATE)
    _refuse(prompt, level)
    heard = hashes([best])[best.name]
    files[-1].write_text(heard, encoding="ascii")
    entry = Entry(
        prompt.text,
        prompt.voice,
        prompt.of.version,
        _made_from(prompt),
        heard,
        hashes(files),
        level,
    )
    _make_directory(target.parent)
    for file in files:
        file.chmod(0o644)
        file.replace(target.with_name(file.name))
    return entry


def _speak(prompt: Prompt, directory: Path) -> Path:
    text_file, wav_file = directory / "text.txt", directory / "spoken.wav"
    text_file.write_text(f"{prompt.text}\n", encoding="utf-8")
    run(prompt.of.speech_command(text_file, wav_file), Path(prompt.name))
    if not wav_file.is_file():
        raise OverdueError(
            f"The tts_command of {prompt.of.language} spoke no {prompt.name}: it must write"
            " {wav_file}."
        )
    return wav_file


def _refuse(prompt: Prompt, level: Level) -> None:
    complaint = level.complaint()
    if complaint is not None:
        what = prompt.recording or "spoken"
        raise OverdueError(f"The prompt {prompt.name} ({what}) {complaint}.")


def _make_directory(directory: Path) -> None:
    """Make it and what is missing above it, readable by the PBX's own user whatever the umask."""
    if not directory.exists():
        _make_directory(directory.parent)
        directory.mkdir(exist_ok=True)
        directory.chmod(0o755)
