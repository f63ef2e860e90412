"""The pace at the carrier, by the packets: never more in a second, and hardly less."""

import pytest

from lab.bench.pace import COURSES, LEAST, RATES, measure_pace
from tests.e2e.scene import PROMPT, Scene

SECONDS = 30


@pytest.mark.slow
@pytest.mark.alone
@pytest.mark.parametrize("course", COURSES)
@pytest.mark.parametrize("rate", RATES)
def test_no_second_holds_more_and_hardly_less_is_reached(
    scene: Scene, rate: int, course: str
) -> None:
    pace = measure_pace(scene.lab, PROMPT, course, rate, SECONDS)
    assert pace.busiest <= rate, pace
    assert pace.reached >= LEAST, pace
