"""The programs that speak and convert, each behind one function."""

import subprocess
from array import array
from collections.abc import Mapping, Sequence
from pathlib import Path

from campaign.errors import OverdueError

VOICE = ("-v", "es-419", "-s", "160", "-a", "70")
"""espeak-ng: Latin American Spanish, words a minute, amplitude (100 is near clipping)."""

_FFMPEG = ("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y")

FORMATS: Mapping[str, tuple[str, ...]] = {
    "gsm": ("-ar", "8000", "-c:a", "libgsm", "-f", "gsm"),
    "ulaw": ("-ar", "8000", "-c:a", "pcm_mulaw", "-f", "mulaw"),
    "alaw": ("-ar", "8000", "-c:a", "pcm_alaw", "-f", "alaw"),
    "sln16": ("-ar", "16000", "-c:a", "pcm_s16le", "-f", "s16le"),
}
"""Asterisk's file ending to ffmpeg's output options: all raw, mono, without a header."""


def speak(text: Path, to: Path) -> None:
    """Speak a UTF-8 text file into the WAV file ``to``; raises OverdueError."""
    try:
        words = text.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise OverdueError(f"Save {text} as UTF-8: {error.reason}.") from error
    if not words.strip():
        raise OverdueError(f"Write the message into {text}: it is empty.")
    _run(("espeak-ng", *VOICE, "-b", "1", "-f", str(text.resolve()), "-w", str(to)), text)


def samples(audio: Path, rate: int, filters: str) -> "array[int]":
    """Decode ``audio`` to mono signed 16-bit samples, ``rate`` a second; raises OverdueError."""
    out = ("-f", "s16le", "-c:a", "pcm_s16le", "-ar", str(rate))
    return array("h", _run((*_FFMPEG, *_input(audio), *_output(filters), *out, "pipe:1"), audio))


def convert(audio: Path, to: Path, filters: str) -> list[Path]:
    """Write ``to`` with the ending of each of FORMATS; raises OverdueError."""
    files = {to.with_name(f"{to.name}.{ending}"): ending for ending in FORMATS}
    outputs = [
        argument
        for file, ending in files.items()
        for argument in (*_output(filters), *FORMATS[ending], str(file))
    ]
    _run((*_FFMPEG, *_input(audio), *outputs), audio)
    return list(files)


def _input(audio: Path) -> tuple[str, ...]:
    return ("-i", f"file:{audio.resolve()}")


def _output(filters: str) -> tuple[str, ...]:
    return ("-map", "0:a:0", "-ac", "1", "-af", filters)


def _run(command: Sequence[str], source: Path) -> bytes:
    program = command[0]
    try:
        done = subprocess.run(command, capture_output=True, check=False)
    except FileNotFoundError as error:
        raise OverdueError(
            f"{program} is missing: install it, on Debian with 'apt-get install {program}'."
        ) from error
    if done.returncode == 0:
        return done.stdout
    said = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
    if any("libgsm" in line for line in said):
        raise OverdueError(
            "This ffmpeg cannot write GSM: install one built with libgsm, such as Debian's."
        )
    raise OverdueError(f"{program} cannot use {source}: {said[-1]}.")
