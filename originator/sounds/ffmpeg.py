"""ffmpeg, each use behind one function."""

import re
from array import array
from collections.abc import Mapping
from pathlib import Path

from originator.sounds.program import run

TELEPHONE_BAND = "aformat=sample_fmts=flt,highpass=f=300,lowpass=f=3400"
"""What a telephone carries, in Hz; in floating point, so that the filters cannot clip."""

SOURCE_RATE = 48000
"""At or above that of the usual recordings, so that a cut-off wave stays one."""
BAND_RATE = 16000
"""Of the best of FORMATS."""

FORMATS: Mapping[str, tuple[str, ...]] = {
    "gsm": ("-ar", "8000", "-c:a", "libgsm", "-f", "gsm"),
    "ulaw": ("-ar", "8000", "-c:a", "pcm_mulaw", "-f", "mulaw"),
    "alaw": ("-ar", "8000", "-c:a", "pcm_alaw", "-f", "alaw"),
    "sln16": ("-ar", str(BAND_RATE), "-c:a", "pcm_s16le", "-f", "s16le"),
}
"""Asterisk's file ending to ffmpeg's output options: all raw, mono, without a header."""

_FFMPEG = ("ffmpeg", "-nostdin", "-hide_banner", "-y")
_QUIET = ("-loglevel", "error")
_PCM = ("-c:a", "pcm_s16le")
_INTEGRATED = re.compile(r"^ +I: +(\S+) LUFS$", re.MULTILINE)
_GATING_SECONDS = 4
"""R128 wants some seconds of sound: a shorter one is measured again and again in a row."""


def decode(audio: Path, whole: Path, band: Path) -> tuple["array[int]", "array[int]"]:
    """Decode ``audio`` to mono: as it is, and the telephone band, which stays as ``band`` (WAV).

    Returns the signed 16-bit samples of both, at SOURCE_RATE and BAND_RATE; raises OverdueError.
    """
    raw = band.with_suffix(".raw")
    as_it_is = ("-ar", str(SOURCE_RATE), *_PCM, "-f", "s16le", str(whole))
    in_band = ("-ar", str(BAND_RATE), *_PCM)
    run(
        (*_FFMPEG, *_QUIET, *_input(audio), *_output("anull"), *as_it_is,
         *_output(TELEPHONE_BAND), *in_band, str(band),
         *_output(TELEPHONE_BAND), *in_band, "-f", "s16le", str(raw)),
        audio,
    )  # fmt: skip
    return array("h", whole.read_bytes()), array("h", raw.read_bytes())


def loudness(band: Path, begin: float, end: float) -> float:
    """The integrated loudness by EBU R128 between two seconds of a WAV, in LUFS."""
    again = f"aloop=loop=-1:size={_GATING_SECONDS * BAND_RATE},atrim=end={_GATING_SECONDS},"
    filters = (
        f"{_cut(begin, end)},{again if end - begin < _GATING_SECONDS else ''}"
        "ebur128=framelog=verbose"
    )
    said = run((*_FFMPEG, *_input(band), *_output(filters), "-f", "null", "-"), band)
    # The filter may begin anew before the first sample: its last word counts.
    return float(_INTEGRATED.findall(said)[-1])


def convert(band: Path, to: Path, begin: float, end: float, gain: str) -> list[Path]:
    """Write what is between two seconds of a WAV, with ``gain``, as ``to`` in each of FORMATS."""
    files = {to.with_name(f"{to.name}.{ending}"): ending for ending in FORMATS}
    outputs = [
        argument
        for file, ending in files.items()
        for argument in (*_output(f"{_cut(begin, end)},{gain}"), *FORMATS[ending], str(file))
    ]
    run((*_FFMPEG, *_QUIET, *_input(band), *outputs), band)
    return list(files)


def _cut(begin: float, end: float) -> str:
    return f"atrim=start={begin:.3f}:end={end:.3f},asetpts=PTS-STARTPTS"


def _input(audio: Path) -> tuple[str, ...]:
    return ("-i", f"file:{audio.resolve()}")


def _output(filters: str) -> tuple[str, ...]:
    return ("-map", "0:a:0", "-ac", "1", "-af", filters)
