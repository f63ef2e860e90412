"""The server killed at several steps: the dialplan goes on with what the customer has chosen."""

import signal
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from lab.waiting import wait_until
from tests.e2e.scene import PAID_PROMPT, Scene
from tests.e2e.steps import Steps, StepsRun

pytestmark = pytest.mark.slow

FREE_WITHIN_SECONDS = 10
GREETING, NEUTRAL = "es_MX/saludo_titular", PAID_PROMPT
DONE = "es_MX/dnc_done"
THANKS = "es_MX/promise_thanks"
MESSAGE = "es_MX/promise_ask"
"""Any sound that is long enough to be still playing when everybody is where he is to be: 6.9 s."""


@dataclass(frozen=True)
class Killed:
    """What one customer does until the server dies and after it, and what must come of it."""

    does: tuple[str, ...]
    outcome: str
    hears: tuple[str, ...]
    promises: int | None = None
    """In how many days; None: he has promised nothing."""


CONFIRM = {
    "in the greeting, confirms after it": Killed(
        ("1", "there", "6", "press-1"), "delivered", (GREETING, MESSAGE)
    ),
    "in the message, confirmed": Killed(
        ("1", "press-1", "0.8", "there"), "delivered", (GREETING, MESSAGE)
    ),
    "when asked for the second 9": Killed(
        ("1", "press-9", "0.8", "there"), "not_confirmed", (GREETING, NEUTRAL)
    ),
    "after the second 9": Killed(
        ("0.5", "press-9", "0.5", "press-9", "1.8", "there"), "opted_out", (DONE,)
    ),
    "when asked for the day": Killed(
        ("1", "press-1", "0.5", "press-3", "0.8", "there"), "delivered", (GREETING, MESSAGE)
    ),
    "after the day": Killed(
        ("0.5", "press-1", "0.5", "press-3", "0.6", "press-2", "1.4", "there"),
        "promised",
        (THANKS,),
        promises=2,
    ),
}
ANNOUNCE = {
    "in the message": Killed(("1", "there"), "delivered", (MESSAGE,)),
    "when asked for the second 9": Killed(
        ("1", "press-9", "0.8", "there"), "delivered", (MESSAGE,)
    ),
    "after the second 9": Killed(
        ("0.5", "press-9", "0.5", "press-9", "1.8", "there"), "opted_out", (DONE,)
    ),
    "when asked for the day": Killed(("1", "press-3", "0.8", "there"), "delivered", (MESSAGE,)),
    "after the day": Killed(
        ("0.5", "press-3", "0.6", "press-2", "1.4", "there"), "promised", (THANKS,), promises=2
    ),
}


@pytest.fixture(autouse=True)
def server_of_its_own(scene: Scene) -> Iterator[None]:
    """Leave the session a server as it found it."""
    yield
    if scene.lab.fastagi.pid is None:
        scene.start_fastagi()


@pytest.mark.parametrize(
    ("flow", "table"), [("confirm", CONFIRM), ("announce", ANNOUNCE)], ids=["confirm", "announce"]
)
def test_killed_at_a_step_his_choice_stands(
    scene: Scene, flow: str, table: Mapping[str, Killed]
) -> None:
    steps = {name: Steps(one.does, one.outcome, ()) for name, one in table.items()}
    sounds: dict[str, Any] = {"prompt": MESSAGE, "greeting": GREETING, "neutral_prompt": NEUTRAL}
    killed = StepsRun(scene, steps, flow=flow, **sounds)
    numbers = killed.numbers.values()
    assert wait_until(lambda: all(scene.lab.carrier.is_there(one) for one in numbers), 20)
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()
    killed_at = scene.now()
    assert killed.run.exit_code(90) == 0
    assert killed.outcomes() == {name: one.outcome for name, one in table.items()}
    assert {name: heard(killed, name) for name in table} == {
        name: one.hears for name, one in table.items()
    }
    assert killed.do_not_call() == {"after the second 9"}
    assert_let_go(killed, table, killed_at)
    assert_nobody_is_called_again(killed, table)


def assert_let_go(killed: StepsRun, table: Mapping[str, Killed], killed_at: float) -> None:
    """Whose choice stood hears nothing more; none of them had his leg from the server."""
    stood = [name for name, one in table.items() if one.outcome in ("opted_out", "promised")]
    ends = {name: killed.call(name).end_at.timestamp() for name in stood}
    late = [name for name, end in ends.items() if end - killed_at > FREE_WITHIN_SECONDS]
    early = [name for name, end in ends.items() if end < killed_at - 0.5]
    assert (late, early) == ([], [])


def assert_nobody_is_called_again(killed: StepsRun, table: Mapping[str, Killed]) -> None:
    """Not on that day; what the journal alone knew the next run has stored before it selects."""
    scene, called = killed.scene, len(table)
    scene.start_fastagi()
    scene.run(retry={"spacing_minutes": 0})
    assert scene.journal() == {}
    assert len(scene.calls()) == called
    rows = scene.rows("SELECT customer_id, promised_day, made_on FROM overdue_promise")
    days = sorted((row["promised_day"] - row["made_on"]).days for row in rows)
    assert days == sorted(one.promises for one in table.values() if one.promises)


def heard(killed: StepsRun, name: str) -> tuple[str, ...]:
    """The sounds of which the carrier recorded more than a second; the question is left out."""
    call = killed.call(name)
    sounds = (GREETING, MESSAGE, NEUTRAL, DONE, THANKS)
    return tuple(each for each in sounds if killed.scene.heard(call, each).coverage_seconds > 1.1)
