"""How long nothing is heard between the first and the last sound of a message."""

import numpy as np

from lab.audio import RATE, Samples

_FRAME = RATE // 100
_LOUD = 32768 * 10 ** (-50 / 20)
"""A frame of 10 ms is heard from -50 dBFS on (root mean square): an s at the end of a word stays
below -40."""


def longest_silence(samples: Samples) -> float:
    """Seconds of the longest silence after the first sound and before the last; ValueError where
    there is no sound."""
    frames = samples[: len(samples) // _FRAME * _FRAME].reshape(-1, _FRAME)
    heard = np.flatnonzero(np.sqrt(np.mean(frames**2, axis=1)) >= _LOUD)
    if not heard.size:
        raise ValueError("nothing is heard")
    gaps = np.diff(heard) - 1
    return float(gaps.max(initial=0)) * _FRAME / RATE
