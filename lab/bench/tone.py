"""The prompts of the bench: a tone that is audible from its first packet on."""

import math
import wave
from array import array
from pathlib import Path

_RATE = 48_000
_HERTZ = 1000
_AMPLITUDE = 16_000


def write_tone(path: Path, seconds: float) -> None:
    """Write a tone of 1 kHz as a mono WAV of 16 bit."""
    samples = array(
        "h",
        (
            round(_AMPLITUDE * math.sin(2 * math.pi * _HERTZ * n / _RATE))
            for n in range(round(seconds * _RATE))
        ),
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_RATE)
        file.writeframes(samples.tobytes())
