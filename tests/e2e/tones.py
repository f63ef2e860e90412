"""Who was heard on a recording: each side of a transferred call hums in its own tone."""

from pathlib import Path

import numpy as np

from lab.audio import RATE, read

AGENT_HERTZ, CUSTOMER_HERTZ, MUSIC_HERTZ = 440, 880, 330


def seconds_of(hertz: int, recording: Path) -> float:
    """For how long a recording holds a tone, and little else."""
    samples = read(recording)
    size = RATE // 10
    found = 0
    for start in range(0, len(samples) - size, size):
        spectrum = np.abs(np.fft.rfft(samples[start : start + size] * np.hanning(size))) ** 2
        place = hertz * size // RATE
        if spectrum.sum() > 0 and spectrum[place - 2 : place + 3].sum() > 0.8 * spectrum.sum():
            found += 1
    return found / 10
