"""Keys at every moment and hang-ups at every step of `announce`, heard at the carrier."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest

from fastagi_server import spoken
from lab import Lab
from lab.demo import ZONE
from tests.e2e.scene import PROMPT, PROMPT_SECONDS, Scene
from tests.e2e.steps import Steps, StepsRun

WHOLE = (PROMPT, PROMPT_SECONDS)
ASKED, DONE = "es_MX/dnc_confirm", "es_MX/dnc_done"
WHICH_DAY, NO_DAY, THANKS = "es_MX/promise_ask", "es_MX/invalid_key", "es_MX/promise_thanks"
WRONG, NOBODY = "es_MX/wrong_person_done", "es_MX/transfer_nobody"
IN_TWO_DAYS = datetime.now(ZONE).date() + timedelta(days=2)
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
    "a day that is none, then one": Steps(
        ("1", "press-3", "1.6", "press-9", "2.4", "press-2"),
        "promised",
        (
            *((PROMPT, 1), (WHICH_DAY, 1.7), (NO_DAY, 1.7), (WHICH_DAY, 0.9), (THANKS, 2.7)),
            *((part, 0.6) for part in spoken.day(IN_TWO_DAYS, "es_MX")),
        ),
        "392",
    ),
    "two days that are none": Steps(
        ("1", "press-3", "1.6", "press-9", "2.4", "press-0"),
        "delivered",
        (
            *((PROMPT, 1), (WHICH_DAY, 1.7), (NO_DAY, 1.7), (WHICH_DAY, 0.9), (NO_DAY, 1.7)),
            (PROMPT, PROMPT_SECONDS - 1),
        ),
        "390",
        goes_on_at=1,
    ),
    "hangs up when asked for the day": Steps(
        ("1", "press-3", "1.5", "hang-up"), "hung_up_early", ((PROMPT, 1), (WHICH_DAY, 1.5)), "3"
    ),
    "hangs up after the day": Steps(
        ("1", "press-3", "1", "press-2", "1", "hang-up"),
        "promised",
        ((PROMPT, 1), (WHICH_DAY, 1), (THANKS, 1)),
        "32",
    ),
    "is not the customer": Steps(
        ("1", "press-8"), "wrong_person", ((PROMPT, 1), (WRONG, 6.6)), "8"
    ),
    "hangs up as soon as he is not the customer": Steps(
        ("1", "press-8", "1", "hang-up"), "wrong_person", ((PROMPT, 1), (WRONG, 1)), "8"
    ),
    "asks for a person and nobody is there": Steps(
        ("1", "press-2"),
        "delivered",
        ((PROMPT, 1), (NOBODY, 6.8), (PROMPT, PROMPT_SECONDS - 1)),
        "2",
        goes_on_at=1,
    ),
    "hangs up when told that nobody is there": Steps(
        ("1", "press-2", "1.5", "hang-up"), "hung_up_early", ((PROMPT, 1), (NOBODY, 1.5)), "2"
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


def test_only_who_named_a_day_has_promised(done: StepsRun) -> None:
    rows = done.scene.rows(
        "SELECT a.number, p.promised_day FROM overdue_promise p"
        " JOIN overdue_attempt a ON a.id = p.attempt_id"
    )
    named = {"a day that is none, then one", "hangs up after the day"}
    assert {row["number"]: row["promised_day"] for row in rows} == {
        f"57{done.numbers[name]}": IN_TWO_DAYS for name in named
    }
