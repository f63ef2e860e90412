"""ffmpeg, each use behind one function."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
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
_INTEGRATED = re.compile(
    r"^\[ebur128@part(\d+) .*Summary:\s+Integrated loudness:\s+I: +(\S+) LUFS$", re.M
)
_GATING_SECONDS = 4
"""R128 wants some seconds of sound: a shorter one is measured again and again in a row."""


@dataclass(frozen=True)
class Cut:
    """What is between two seconds of a WAV in the telephone band."""

    band: Path
    begin: float
    end: float


def decode(jobs: Sequence[tuple[Path, Path, Path]]) -> None:
    """Decode recordings to mono signed 16-bit samples; raises OverdueError.

    Each of ``jobs``: what is read, the raw samples of it at SOURCE_RATE, and a WAV of its telephone
    band at BAND_RATE. One process for all: it starts for longer than it works.
    """
    outputs = []
    for place, (_, whole, band) in enumerate(jobs):
        outputs += [*_output(place, "anull"), "-ar", str(SOURCE_RATE), *_PCM, "-f", "s16le"]
        outputs += [str(whole), *_output(place, TELEPHONE_BAND), "-ar", str(BAND_RATE), *_PCM]
        outputs.append(str(band))
    audios = [audio for audio, _, _ in jobs]
    run((*_FFMPEG, *_QUIET, *_inputs(audios), *outputs), audios[0])


def loudness(cuts: Sequence[Cut]) -> list[float]:
    """The integrated loudness of each by EBU R128, in LUFS."""
    graphs, outputs = [], []
    for place, cut in enumerate(cuts):
        again = f"aloop=loop=-1:size={_GATING_SECONDS * BAND_RATE},atrim=end={_GATING_SECONDS},"
        looped = again if cut.end - cut.begin < _GATING_SECONDS else ""
        measured = f"{looped}ebur128@part{place}=framelog=verbose"
        graphs.append(f"[{place}:a:0]{_filters(cut)},{measured}[out{place}]")
        outputs += ["-map", f"[out{place}]", "-f", "null", "-"]
    bands = [cut.band for cut in cuts]
    graph = ("-filter_complex", ";".join(graphs))
    said = run((*_FFMPEG, *_inputs(bands), *graph, *outputs), bands[0])
    # A filter may begin anew before the first sample: its last word counts.
    found = {int(place): float(lufs) for place, lufs in _INTEGRATED.findall(said)}
    return [found[place] for place in range(len(cuts))]


def convert(jobs: Sequence[tuple[Cut, Path, str]]) -> None:
    """Write each cut, with a filter for its gain, in each of FORMATS beside the path."""
    outputs = [
        argument
        for place, (cut, to, gain) in enumerate(jobs)
        for ending, options in FORMATS.items()
        for argument in (
            *_output(place, f"{_filters(cut)},{gain}"),
            *options,
            str(to.with_name(f"{to.name}.{ending}")),
        )
    ]
    bands = [cut.band for cut, _, _ in jobs]
    run((*_FFMPEG, *_QUIET, *_inputs(bands), *outputs), bands[0])


def _filters(cut: Cut) -> str:
    return f"atrim=start={cut.begin:.3f}:end={cut.end:.3f},asetpts=PTS-STARTPTS"


def _inputs(audios: Iterable[Path]) -> list[str]:
    return [word for audio in audios for word in ("-i", f"file:{audio.resolve()}")]


def _output(place: int, filters: str) -> tuple[str, ...]:
    return ("-map", f"{place}:a:0", "-ac", "1", "-af", filters)
