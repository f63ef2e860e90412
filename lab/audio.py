"""Proves that a recording of the customer's leg contains a prompt, and how much of it.

Two recordings of the same speech agree sample by sample once they lie on each other; other speech,
of the same voice too, does not. So: find the place by cross-correlation, then compare piece by
piece.
"""

import wave
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE = 8000
"""Samples a second of everything here."""

Samples = NDArray[np.float64]

_PIECE = RATE // 4
_FRAME = RATE // 50
_SLIP = 25 * _FRAME
"""How far a piece may lie from the one before it: packets lost or doubled by a busy machine."""

_BESIDE = 6 * _FRAME
"""Where the recording is silent so far around a piece, the call was over or the line dead."""

_SAME = 0.8
"""Correlation from which a piece is the prompt's. Seen: through G.711 over 0.99; other words of
the same voice, with the slip allowed, up to 0.73."""

_QUIET = 0.05
"""What lies below this part of the prompt's own level (root mean square) is a pause."""

_SPEAKS = 200.0
"""Root mean square of a frame in which somebody speaks; the noise of the lab's lines is 0."""


@dataclass(frozen=True)
class Match:
    """How much of a prompt a recording holds."""

    score: float
    """Mean normalised correlation, 0 to 1, of the places where both recording and prompt speak."""
    offset_seconds: float
    """Where in the recording the prompt's beginning lies; negative: its beginning is missing."""
    coverage_seconds: float
    """How much of the prompt was found, the pauses between found words included."""


@dataclass(frozen=True)
class _Piece:
    start: int
    """First sample in the prompt."""
    lag: int
    """What to add to ``start`` for the place in the recording."""
    correlation: float


def contains_prompt(recording: Path, prompt: Path) -> Match:
    """Look for ``prompt`` in ``recording``; each a .ulaw file or a WAV, both 8 kHz mono.

    Raises ValueError for a file of another form.
    """
    return find(read(recording), read(prompt))


def find(heard: Samples, said: Samples) -> Match:
    """Look for what was said in what was heard."""
    if not heard.any() or not said.any():
        return Match(0.0, 0.0, 0.0)
    lag = _best_lag(heard, said)
    pad = 2 * len(said)
    padded = np.pad(heard, pad)
    pieces = _compare(padded, said, lag + pad)
    found = [piece for piece in pieces if piece.correlation >= _SAME]
    return Match(
        score=float(np.mean([piece.correlation for piece in pieces])) if pieces else 0.0,
        offset_seconds=((found[0].lag - pad) if found else lag) / RATE,
        coverage_seconds=_coverage(padded, said, found) / RATE,
    )


def speech_seconds(samples: Samples) -> float:
    """Seconds in which somebody speaks."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    return float(np.sum(np.sqrt(np.mean(frames**2, axis=1)) > _SPEAKS)) * _FRAME / RATE


def read(path: Path) -> Samples:
    """The samples of a WAV (16 bit, 8 kHz, mono) or raw .ulaw file; raises ValueError."""
    if path.suffix == ".ulaw":
        return _ULAW[np.frombuffer(path.read_bytes(), dtype=np.uint8)]
    with wave.open(str(path)) as file:
        form = (file.getnchannels(), file.getsampwidth(), file.getframerate())
        if form != (1, 2, RATE):
            raise ValueError(f"{path} is no 16-bit mono WAV of {RATE} Hz: {form}")
        return np.frombuffer(file.readframes(file.getnframes()), dtype="<i2").astype(np.float64)


def _ulaw_table() -> Samples:
    """ITU-T G.711, mu-law: what each of the 256 octets stands for."""
    code = ~np.arange(256, dtype=np.uint8)
    exponent, mantissa = (code >> 4) & 7, (code & 15).astype(np.int64)
    magnitude = ((mantissa * 8 + 132) << exponent) - 132
    return np.where(code & 128, -magnitude, magnitude).astype(np.float64)


_ULAW = _ulaw_table()


def _best_lag(heard: Samples, said: Samples) -> int:
    """Where in ``heard`` the first sample of ``said`` lies, by FFT cross-correlation."""
    size = 1 << (len(heard) + len(said) - 1).bit_length()
    spectrum = np.fft.rfft(heard, size) * np.conj(np.fft.rfft(said, size))
    lag = int(np.argmax(np.fft.irfft(spectrum, size)))
    return lag if lag < len(heard) else lag - size


def _compare(heard: Samples, said: Samples, lag: int) -> list[_Piece]:
    """The pieces of the prompt that speak where the recording speaks, each in its best place."""
    quiet, silent = _QUIET * _level(said), _QUIET * _level(heard)
    pieces = []
    for start in range(0, len(said) - _PIECE + 1, _PIECE):
        wanted = said[start : start + _PIECE]
        place = start + lag
        around = heard[place - _BESIDE : place + _PIECE + _BESIDE]
        if _level(wanted) < quiet or _level(around) < silent:
            continue
        window = heard[place - _SLIP : place + _PIECE + _SLIP]
        energy = np.convolve(window**2, np.ones(_PIECE), "valid") * np.sum(wanted**2)
        correlations = np.correlate(window, wanted, "valid") / np.sqrt(np.maximum(energy, 1.0))
        best = int(np.argmax(correlations))
        piece = _Piece(start, lag + best - _SLIP, float(max(0.0, correlations[best])))
        pieces.append(piece)
        if piece.correlation >= _SAME:
            lag = piece.lag
    return pieces


def _coverage(heard: Samples, said: Samples, found: list[_Piece]) -> int:
    """Samples of the prompt in the found pieces, the pauses between them and the cut ones around.

    A pause at the very end is not counted: nobody can tell it from a call that was over.
    """
    if not found:
        return 0
    pauses = sum(
        _PIECE
        for before, after in pairwise(found)
        for start in range(before.start + _PIECE, after.start, _PIECE)
        if _level(said[start : start + _PIECE]) < _QUIET * _level(said)
    )
    first, last = found[0], found[-1]
    before_first = range(first.start - _FRAME, first.start - _PIECE, -_FRAME)
    after_last = range(last.start + _PIECE, last.start + 2 * _PIECE, _FRAME)
    cut = _frames(heard, said, before_first, first.lag) + _frames(heard, said, after_last, last.lag)
    return len(found) * _PIECE + pauses + cut


def _frames(heard: Samples, said: Samples, starts: range, lag: int) -> int:
    """Samples of the unbroken run of the prompt's frames from the first of ``starts`` on."""
    count = 0
    for start in starts:
        wanted = said[max(start, 0) : start + _FRAME]
        if len(wanted) < _FRAME:
            break
        there = heard[start + lag : start + lag + _FRAME]
        energy = float(np.sum(wanted**2) * np.sum(there**2))
        if energy == 0 or float(wanted @ there) < _SAME * energy**0.5:
            break
        count += _FRAME
    return count


def _level(samples: Samples) -> float:
    return float(np.sqrt(np.mean(samples**2)))
