"""Builds the playable files of every prompt, only where something changed."""

import hashlib
import os
import tempfile
from array import array
from collections.abc import Iterator
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

_SETTINGS = repr((TELEPHONE_BAND, LOUDNESS_LUFS, CEILING_DBFS, FORMATS, "1"))


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


def _build_set(prompts: list[Prompt], directory: Path) -> Iterator[Built]:
    _make_directory(directory)
    manifest = Manifest(directory)
    # The work is done by other programs: a thread for each core waits for them.
    with ThreadPoolExecutor(os.cpu_count()) as threads:
        futures = [threads.submit(_build_prompt, each, directory, manifest) for each in prompts]
        try:
            yield from [future.result() for future in futures]
        finally:
            threads.shutdown(cancel_futures=True)
            # The manifest goes last: it vouches for the files, also of a build that was cut short.
            manifest.write()


def _build_prompt(prompt: Prompt, directory: Path, manifest: Manifest) -> Built:
    target = directory / prompt.prompt_id
    made_from = _made_from(prompt)
    entry = manifest.entries.get(prompt.prompt_id)
    changed = entry is None or not entry.stands(made_from, target.parent)
    if entry is None or changed:
        _make_directory(target.parent)
        entry = _make(prompt, target, made_from)
        manifest.entries[prompt.prompt_id] = entry
    files = tuple(target.parent / name for name in entry.files if not name.endswith(HASH_ENDING))
    return Built(prompt, entry.level, entry.hash, files, changed)


def _made_from(prompt: Prompt) -> str:
    digest = hashlib.sha256(_SETTINGS.encode())
    digest.update(repr((prompt.text, prompt.voice, prompt.of.version)).encode())
    if prompt.recording is None:
        digest.update(prompt.of.tts_command.encode())
    else:
        digest.update(prompt.recording.suffix.lower().encode() + prompt.recording.read_bytes())
    return digest.hexdigest()


def _make(prompt: Prompt, target: Path, made_from: str) -> Entry:
    """Make the files; raises OverdueError when nobody could understand them."""
    with tempfile.TemporaryDirectory(prefix=".building-", dir=target.parent) as scratch:
        directory = Path(scratch)
        band = directory / "band.wav"
        source = prompt.recording or _speak(prompt, directory)
        whole, in_band = decode(source, directory / "whole.raw", band)
        _refuse(prompt, Level.of(whole, SOURCE_RATE))
        _refuse(prompt, Level.of(in_band, BAND_RATE))
        begin, end = sounding(in_band, BAND_RATE)
        gain_db = LOUDNESS_LUFS - loudness(band, begin, end)
        ceiling = 10 ** (CEILING_DBFS / 20)
        gain = f"volume={gain_db:.2f}dB,alimiter=limit={ceiling:.4f}:attack=1:level=false"
        made = convert(band, directory / target.name, begin, end, gain)
        best = directory / f"{target.name}.sln16"
        level = Level.of(array("h", best.read_bytes()), BAND_RATE)
        _refuse(prompt, level)
        heard = hashes([best])[best.name]
        hash_file = directory / f"{target.name}.{HASH_ENDING}"
        hash_file.write_text(heard, encoding="ascii")
        made.append(hash_file)
        entry = Entry(
            prompt.text, prompt.voice, prompt.of.version, made_from, heard, hashes(made), level
        )
        for file in made:
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
