"""Where the sound in a recording begins and ends."""

from array import array
from collections.abc import Sequence
from operator import mul

_WINDOW_SECONDS = 0.01
_BELOW_LOUDEST_DB = 35.0
"""Quieter than this below the loudest moment is silence: a room's noise, a breath."""
_KEPT_SECONDS = 0.01
"""Stays on both sides: soft consonants begin and end below the threshold."""


def sounding(samples: "array[int]", rate: int) -> tuple[float, float]:
    """The seconds at which the sound begins and ends, without the silence before and after it."""
    window = round(rate * _WINDOW_SECONDS)
    powers = [_power(samples[at : at + window]) for at in range(0, len(samples), window)]
    threshold = max(powers) / 10 ** (_BELOW_LOUDEST_DB / 10)
    loud = [place for place, power in enumerate(powers) if power >= threshold]
    begins = loud[0] * _WINDOW_SECONDS - _KEPT_SECONDS
    ends = (loud[-1] + 1) * _WINDOW_SECONDS + _KEPT_SECONDS
    return max(0.0, begins), min(len(samples) / rate, ends)


def _power(samples: Sequence[int]) -> float:
    total: int = sum(map(mul, samples, samples))
    return total / len(samples)
