"""How loud a sound is, and whether a customer could understand it."""

import math
from array import array
from dataclasses import dataclass
from itertools import groupby
from operator import mul

SILENT_PEAK_DBFS = -40.0
"""A recording whose loudest sample lies below this is taken for silence."""

SILENT_MEAN_DBFS = -60.0
"""A few clicks have a high peak; what lies below this on average is silence all the same."""

CLIPPED_RUN_SAMPLES = 3
"""Full scale in one or two samples is a loud recording, in a row of them a cut-off wave."""

CLIPPED_SHARE = 0.001
"""Up to this share of cut-off samples nobody hears."""

FLOOR_DBFS = -120.0
"""Written for digital silence, whose level in decibels is not a number."""


@dataclass(frozen=True)
class Level:
    """The measure of a sound; full scale is 0 dBFS."""

    seconds: float
    peak_dbfs: float
    mean_dbfs: float
    """Root mean square."""
    clipped_share: float
    """Share of the samples that are cut off at full scale, 0 to 1."""

    @classmethod
    def of(cls, samples: "array[int]", rate: int) -> "Level":
        """Measure signed 16-bit mono samples taken ``rate`` times a second."""
        if not samples:
            return cls(0.0, FLOOR_DBFS, FLOOR_DBFS, 0.0)
        peak = max(max(samples), -min(samples))
        mean = math.sqrt(sum(map(mul, samples, samples)) / len(samples))
        return cls(
            seconds=len(samples) / rate,
            peak_dbfs=_dbfs(peak),
            mean_dbfs=_dbfs(mean),
            clipped_share=_clipped(samples) / len(samples),
        )

    def complaint(self) -> str | None:
        """What is wrong with it, as the end of a sentence; None: it can be played."""
        if self.peak_dbfs < SILENT_PEAK_DBFS or self.mean_dbfs < SILENT_MEAN_DBFS:
            return (
                f"is silent (peak {self.peak_dbfs:.1f} dBFS, mean {self.mean_dbfs:.1f} dBFS):"
                " record it again, louder"
            )
        if self.clipped_share > CLIPPED_SHARE:
            return (
                f"is clipped ({self.clipped_share:.1%} of its samples are cut off at full scale):"
                " record it again, less loud"
            )
        return None


def _clipped(samples: "array[int]") -> int:
    runs = (
        sum(1 for _ in run)
        for at_full_scale, run in groupby(samples, key=_at_full_scale)
        if at_full_scale
    )
    return sum(length for length in runs if length >= CLIPPED_RUN_SAMPLES)


def _at_full_scale(sample: int) -> bool:
    return sample >= 32766 or sample <= -32767


def _dbfs(amplitude: float) -> float:
    return 20 * math.log10(amplitude / 32768) if amplitude else FLOOR_DBFS
