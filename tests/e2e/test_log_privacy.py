"""No log that the programs and the PBX write shows a number or a name (Ley 1581 de 2012)."""

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from campaign.mask import mask_number
from lab.waiting import wait_until
from tests.e2e.scene import Scene

pytestmark = pytest.mark.slow
NAME = "Zoraida Quintanilla"
ENDINGS = ("01", "02", "50", "60", "62", "70", "71", "72", "80", "82", "90", "91", "95")
STRANGER = "3009998877"
DEBUG = ("--log-level", "debug")


@pytest.fixture(autouse=True)
def server_that_tells_all(scene: Scene) -> Iterator[None]:
    kill_server(scene)
    scene.start_fastagi(*DEBUG)
    yield
    kill_server(scene)
    scene.start_fastagi()


def kill_server(scene: Scene) -> None:
    scene.lab.fastagi.signal(signal.SIGKILL)
    scene.lab.fastagi.wait_ended()


def logs(scene: Scene) -> list[Path]:
    """Every log of the test; the PBX's holds more than the log that a site is given."""
    of_the_pbx = (scene.lab.state / "pbx" / "log").rglob("*")
    return [
        *(path for path in of_the_pbx if path.is_file()),
        scene.lab.fastagi.log,
        *scene.directory.glob("*.log"),
    ]


def ring_back(scene: Scene, number: str, key: str) -> None:
    """To the end of the call."""
    scene.lab.carrier.rings_company(number, key)
    assert wait_until(lambda: scene.calls_up() >= 1, 10)
    assert wait_until(lambda: scene.calls_up() == 0, 60)


def test_no_log_shows_a_number_or_a_name(scene: Scene) -> None:
    numbers = scene.customers(*ENDINGS, name=NAME)
    log = scene.directory / "originator.log"
    originator = ("originator", *DEBUG, "--log-file", str(log))
    campaign = scene.campaign({"timing": {"ring_seconds": 6}})
    run = scene.start(*originator, "run", campaign)
    scene.wait_for_ended(4)
    scene.wait_for_answered(1)
    kill_server(scene)  # the customers who listen, and those who come, are the dialplan's
    first_log = scene.directory / "fastagi.log"  # a server begins its log anew
    first_log.write_bytes(scene.lab.fastagi.log.read_bytes())
    scene.wait_for_ended(len(numbers))
    # What the sweep cannot use is worth a warning, and that may not show it either.
    scene.lab.pbx.cli(f"database put overdue {numbers[0]} ended|{numbers[0]}")
    scene.start_fastagi(*DEBUG)
    assert run.wait(60) == 0
    ring_back(scene, numbers[0], key="3")
    ring_back(scene, STRANGER, key="s")
    for command in (("status",), ("settle", campaign), ("report",)):
        scene.ok(*originator, *command)

    written = {path: path.read_bytes().decode(errors="replace") for path in logs(scene)}
    private = (*numbers, STRANGER, *NAME.split())
    shown = [
        f"{path.name}: {line}"
        for path, text in written.items()
        for line in text.splitlines()
        if any(word in line for word in private)
    ]
    assert shown == []
    # These are the logs of these calls, and they speak of them.
    assert mask_number(f"57{numbers[0]}") in written[log]
    assert "moment=ended" in written[first_log]
    for moment in ("sweep", "inbound", "rang_off"):
        assert f"moment={moment}" in written[scene.lab.fastagi.log]
    assert {call.number for call in scene.calls()} == set(numbers)
