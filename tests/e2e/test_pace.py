"""The pace at the carrier, by the packets: never more in a second, and hardly less."""

import os

import pytest

from lab.bench.pace import COURSES, LEAST, RATES, measure_pace
from tests.e2e.scene import PROMPT, Scene

SECONDS = 30


@pytest.mark.slow
@pytest.mark.skipif(
    os.getloadavg()[0] > 1.5 * (os.cpu_count() or 1),
    reason="a machine as busy as this one delays single INVITEs by more than the margin",
)
@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("rate", RATES)
def test_no_second_holds_more_and_hardly_less_is_reached(
    scene: Scene, rate: int, course: str
) -> None:
    pace = measure_pace(scene.lab, PROMPT, course, rate, SECONDS)
    assert pace.busiest <= rate, pace
    assert pace.reached >= LEAST, pace
