"""Silence in a recording, and what the bench says of it."""

from dataclasses import replace

import numpy as np
import pytest

from lab.audio import RATE, Samples
from lab.bench.measure import Delays
from lab.bench.personal import Personal
from lab.bench.personal_command import verdicts
from lab.bench.silence import longest_silence


def made(*parts: tuple[float, float]) -> Samples:
    """Seconds with a level of so many dBFS, one after the other."""
    return np.concatenate(
        [np.full(round(seconds * RATE), 32768 * 10 ** (level / 20)) for seconds, level in parts]
    )


@pytest.mark.parametrize(
    ("parts", "seconds"),
    [
        ([(1.0, -20), (0.12, -60), (1.0, -20)], 0.12),
        ([(0.5, -20), (0.05, -60), (0.5, -20), (0.2, -60), (0.5, -20)], 0.2),
        ([(2.0, -60), (1.0, -20), (2.0, -60)], 0.0),
        ([(1.0, -20), (0.5, -49), (1.0, -20)], 0.0),
        ([(1.0, -20), (0.5, -51), (1.0, -20)], 0.5),
    ],
    ids=["one", "the longest", "before and after", "faint", "too faint"],
)
def test_the_longest_silence_within_a_message(
    parts: list[tuple[float, float]], seconds: float
) -> None:
    assert longest_silence(made(*parts)) == pytest.approx(seconds)


def test_where_nothing_is_heard_nothing_is_measured() -> None:
    with pytest.raises(ValueError, match="nothing is heard"):
        longest_silence(made((1.0, -60)))


FOUND = Personal(20, 149.0, 90.0, 80.0, Delays(200, 5.0, 10.0, 59.9, 0), unspoken=1)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (FOUND, ["met", "met"]),
        (replace(FOUND, silence_ms=150.0), ["MISSED", "met"]),
        (replace(FOUND, delays=replace(FOUND.delays, p99=60.0)), ["met", "MISSED"]),
    ],
)
def test_a_miss_is_said_as_a_miss(found: Personal, words: list[str]) -> None:
    silence, unspoken, audio = verdicts(found)
    assert [verdict.rpartition(": ")[2] for verdict in (silence, audio)] == words
    assert unspoken.endswith(": 1")
