"""Keys at every moment and hang-ups at every step of `announce`, heard at the carrier."""

from collections.abc import Iterator

import pytest

from lab import Lab
from tests.e2e.scene import PROMPT, PROMPT_SECONDS, Scene
from tests.e2e.steps import Steps, StepsRun

WHOLE = (PROMPT, PROMPT_SECONDS)
ASKED, DONE = "es_MX/dnc_confirm", "es_MX/dnc_done"
TABLE = {
    "key while the first words play": Steps(
        ("0.6", "press-1"), "delivered", ((PROMPT, 0.6), WHOLE), "1"
    ),
    "key after the message": Steps(("4.8", "press-1"), "delivered", (WHOLE, WHOLE), "1"),
    "key twice": Steps(
        ("1", "press-1", "1", "press-1"), "delivered", ((PROMPT, 1), (PROMPT, 1.1), WHOLE), "11"
    ),
    "key without a meaning": Steps(("1.5", "press-5"), "delivered", (WHOLE,), "5"),
    "talks over the message": Steps(("hum",), "delivered", (WHOLE,)),
    "hangs up in the message": Steps(("1", "hang-up"), "hung_up_early", ((PROMPT, 1),)),
    "hangs up when enough is heard": Steps(("2.7", "hang-up"), "delivered", ((PROMPT, 2.7),)),
    "hangs up when a key is waited for": Steps(("4.8", "hang-up"), "delivered", (WHOLE,)),
    "hangs up when asked for the second 9": Steps(
        ("1", "press-9", "1.5", "hang-up"), "hung_up_early", ((PROMPT, 1), (ASKED, 1.5)), "9"
    ),
    "hangs up after the second 9": Steps(
        ("1", "press-9", "1", "press-9", "1", "hang-up"),
        "opted_out",
        ((PROMPT, 1), (ASKED, 1), (DONE, 1)),
        "99",
    ),
}


@pytest.fixture(scope="module")
def done(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StepsRun]:
    scene = Scene(lab, tmp_path_factory.mktemp("steps"))
    scene.clear()
    done = StepsRun(scene, TABLE, answer_seconds=3)
    assert done.run.exit_code() == 0
    yield done
    scene.leave()


@pytest.mark.parametrize("name", TABLE)
def test_outcome_events_and_what_was_heard(done: StepsRun, name: str) -> None:
    done.assert_went(name, TABLE[name])


def test_only_the_second_9_is_a_wish(done: StepsRun) -> None:
    assert done.do_not_call() == {"hangs up after the second 9"}
