"""What ``script/chaos`` does, once: the judge finds no breach, and the faults met open attempts."""

import pytest

from lab import Lab
from lab.chaos.parts import agi_through_proxy
from lab.chaos.run import one_run
from tests.e2e.scene import Scene

SEED = 3


@pytest.mark.slow
def test_one_run_of_the_chaos_breaks_no_promise(scene: Scene, lab: Lab) -> None:
    with agi_through_proxy(lab):
        result = one_run(lab, SEED, 0)
    assert result.breaches == [], result.histories
    assert result.counted
    assert result.calls > result.customers / 2
