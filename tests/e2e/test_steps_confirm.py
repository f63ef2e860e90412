"""Hang-ups, silence and wrong keys at every step of `confirm`, heard at the carrier."""

from collections.abc import Iterator

import pytest

from lab import Lab
from tests.e2e.scene import PAID_PROMPT, PROMPT, PROMPT_SECONDS, Scene
from tests.e2e.steps import Steps, StepsRun

pytestmark = pytest.mark.slow

GREETING, NEUTRAL = "es_MX/saludo_titular", PAID_PROMPT
GREETED, LEFT, TOLD = (GREETING, 15.59), (NEUTRAL, 3.87), (PROMPT, PROMPT_SECONDS)
ASKED, DONE = "es_MX/dnc_confirm", "es_MX/dnc_done"
WRONG = "es_MX/wrong_person_done"
TABLE = {
    "silent": Steps((), "not_confirmed", (GREETED, LEFT)),
    "talks over the greeting": Steps(("hum",), "not_confirmed", (GREETED, LEFT)),
    "key without a meaning": Steps(("3", "press-5"), "not_confirmed", (GREETED, LEFT), "5"),
    "confirms early": Steps(("0.8", "press-1"), "delivered", ((GREETING, 0.8), TOLD), "1"),
    "confirms after the greeting": Steps(("17.5", "press-1"), "delivered", (GREETED, TOLD), "1"),
    "confirms twice": Steps(
        ("2", "press-1", "1", "press-1"), "delivered", ((GREETING, 2), (PROMPT, 1), TOLD), "11"
    ),
    "one 9 in the message": Steps(
        ("2", "press-1", "1", "press-9"),
        "delivered",
        ((GREETING, 2), (PROMPT, 1), (ASKED, 4.8), (PROMPT, PROMPT_SECONDS - 1)),
        "19",
        goes_on_at=1,
    ),
    "is not the customer": Steps(
        ("2", "press-8"), "wrong_person", ((GREETING, 2), (WRONG, 6.6)), "8"
    ),
    "hangs up in the greeting": Steps(("2", "hang-up"), "not_confirmed", ((GREETING, 2),)),
    "hangs up after the greeting": Steps(("17.5", "hang-up"), "not_confirmed", (GREETED,)),
    "hangs up as soon as he has confirmed": Steps(
        ("2", "press-1", "hang-up"), "hung_up_early", ((GREETING, 2), (PROMPT, 0)), "1"
    ),
    "hangs up in the message": Steps(
        ("2", "press-1", "1", "hang-up"), "hung_up_early", ((GREETING, 2), (PROMPT, 1)), "1"
    ),
    "hangs up when asked for the second 9": Steps(
        ("2", "press-9", "1.5", "hang-up"), "not_confirmed", ((GREETING, 2), (ASKED, 1.5)), "9"
    ),
    "hangs up after the second 9": Steps(
        ("2", "press-9", "1", "press-9", "1", "hang-up"),
        "opted_out",
        ((GREETING, 2), (ASKED, 1), (DONE, 1)),
        "99",
    ),
}


@pytest.fixture(scope="module")
def done(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StepsRun]:
    scene = Scene(lab, tmp_path_factory.mktemp("steps"))
    scene.clear()
    done = StepsRun(scene, TABLE, flow="confirm", greeting=GREETING, neutral_prompt=NEUTRAL)
    assert done.run.exit_code() == 0
    yield done
    scene.leave()


@pytest.mark.parametrize("name", TABLE)
def test_outcome_events_and_what_was_heard(done: StepsRun, name: str) -> None:
    done.assert_went(name, TABLE[name])


def test_only_the_second_9_is_a_wish(done: StepsRun) -> None:
    assert done.do_not_call() == {"hangs up after the second 9"}
