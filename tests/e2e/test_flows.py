"""The flows on a real PBX, heard at the carrier: with the server, and by the dialplan alone."""

import signal
from collections.abc import Iterator

import pytest

from tests.e2e.scene import PAID_PROMPT, PROMPT, Scene

GREETING = "es_MX/saludo_titular"
NEUTRAL = PAID_PROMPT
"""The shipped one begins with the words of the greeting, which no correlation tells apart."""
LISTENS, HANGS_UP, PRESSES_1, PRESSES_2 = "00", "50", "90", "92"
CONFIRM = {
    LISTENS: ("not_confirmed", (GREETING, NEUTRAL)),
    HANGS_UP: ("not_confirmed", (GREETING,)),
    PRESSES_1: ("delivered", (GREETING, PROMPT)),
    PRESSES_2: ("not_confirmed", (GREETING, NEUTRAL)),
}
"""What comes of each ending under the flow `confirm`, and what the customer hears."""


def heard(scene: Scene, number: str) -> tuple[str, ...]:
    """The sounds of which the carrier recorded a second or more."""
    (call,) = [call for call in scene.calls() if call.number == number]
    sounds = (GREETING, PROMPT, NEUTRAL)
    return tuple(each for each in sounds if scene.heard(call, each).coverage_seconds > 1)


def events(scene: Scene, number: str) -> list[tuple[str, str]]:
    rows = scene.rows(
        "SELECT kind, detail FROM overdue_event e JOIN overdue_attempt a ON a.id = e.attempt_id"
        " WHERE a.number = %s ORDER BY place",
        f"57{number}",
    )
    return [(row["kind"], row["detail"].partition("=")[0]) for row in rows]


def assert_confirmed(scene: Scene, numbers: dict[str, str]) -> None:
    assert scene.outcomes() == {number: CONFIRM[end][0] for end, number in numbers.items()}
    assert {end: heard(scene, number) for end, number in numbers.items()} == {
        end: sounds for end, (_, sounds) in CONFIRM.items()
    }
    rows = scene.rows("SELECT telefono t, outbound_call_is_sent s FROM afiliados")
    assert {row["t"] for row in rows if row["s"]} == {numbers[PRESSES_1]}


@pytest.fixture
def without_server(scene: Scene) -> Iterator[None]:
    """Leave the session a server as it found it."""
    yield
    scene.start_fastagi()


@pytest.mark.slow
def test_only_who_confirms_hears_of_the_debt(scene: Scene) -> None:
    numbers = dict(zip(CONFIRM, scene.customers(*CONFIRM), strict=True))
    scene.run(flow="confirm", neutral_prompt=NEUTRAL)
    assert_confirmed(scene, numbers)
    assert events(scene, numbers[PRESSES_1]) == [
        ("path", "greeting"),
        ("key", "1"),
        ("part", GREETING),
        ("path", "message"),
        ("part", PROMPT),
    ]
    assert events(scene, numbers[PRESSES_2])[:3] == [
        ("path", "greeting"),
        ("key", "2"),
        ("part", GREETING),
    ]
    assert scene.journal() == {}


@pytest.mark.slow
@pytest.mark.usefixtures("without_server")
def test_without_a_server_the_dialplan_asks_for_the_key_itself(scene: Scene) -> None:
    numbers = dict(zip(CONFIRM, scene.customers(*CONFIRM), strict=True))
    run = scene.start_run(flow="confirm", neutral_prompt=NEUTRAL)
    scene.wait_for_calls_up(len(numbers))
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()
    assert run.exit_code() == 0
    assert_confirmed(scene, numbers)


@pytest.mark.slow
def test_the_message_again_is_heard_again(scene: Scene) -> None:
    (number,) = scene.customers(PRESSES_1)
    scene.run()
    (call,) = scene.calls()
    assert call.answered_seconds is not None
    assert call.answered_seconds > 3 + 3.3
    assert scene.heard_it_all(call)
    parts = [detail for kind, detail in events(scene, number) if kind == "part"]
    assert parts == [PROMPT, PROMPT]
    assert scene.outcomes() == {number: "delivered"}


@pytest.mark.slow
@pytest.mark.usefixtures("without_server")
def test_without_a_server_the_key_against_calls_still_counts(scene: Scene) -> None:
    once, twice = scene.customers("91", "85")
    run = scene.start_run()
    scene.wait_for_calls_up(2)
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()
    assert run.exit_code() == 0
    # Pressed once and not again, the message went on where it was.
    assert scene.outcomes() == {once: "delivered", twice: "opted_out"}
    listed = scene.rows("SELECT number FROM overdue_do_not_call WHERE removed_at IS NULL")
    assert [row["number"] for row in listed] == [f"57{twice}"]
