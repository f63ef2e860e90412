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

GREETING, NEUTRAL = "es_MX/saludo_titular", PAID_PROMPT
DONE = "es_MX/dnc_done"
MESSAGE = "es_MX/promise_ask"
"""Any sound that is long enough to be still playing when everybody is where he is to be: 6.9 s."""


@dataclass(frozen=True)
class Killed:
    """What one customer does until the server dies and after it, and what must come of it."""

    does: tuple[str, ...]
    outcome: str
    hears: tuple[str, ...]


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
}
ANNOUNCE = {
    "in the message": Killed(("1", "there"), "delivered", (MESSAGE,)),
    "when asked for the second 9": Killed(
        ("1", "press-9", "0.8", "there"), "delivered", (MESSAGE,)
    ),
    "after the second 9": Killed(
        ("0.5", "press-9", "0.5", "press-9", "1.8", "there"), "opted_out", (DONE,)
    ),
}


@pytest.fixture(autouse=True)
def server_of_its_own(scene: Scene) -> Iterator[None]:
    """Leave the session a server as it found it."""
    yield
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
    assert killed.run.exit_code(90) == 0
    assert killed.outcomes() == {name: one.outcome for name, one in table.items()}
    assert {name: heard(killed, name) for name in table} == {
        name: one.hears for name, one in table.items()
    }
    assert killed.do_not_call() == {"after the second 9"}


def heard(killed: StepsRun, name: str) -> tuple[str, ...]:
    """The sounds of which the carrier recorded more than a second; the question is left out."""
    call = killed.call(name)
    sounds = (GREETING, MESSAGE, NEUTRAL, DONE)
    return tuple(each for each in sounds if killed.scene.heard(call, each).coverage_seconds > 1.1)
