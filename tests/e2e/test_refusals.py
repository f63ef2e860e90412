"""What is not ready is one sentence and an exit code of its own, before the first call."""

import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from campaign.store.migrate import available
from lab import Lab
from tests.e2e.scene import Scene

FAKETIME = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))
_LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d ")


@pytest.fixture(scope="module")
def ready(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """All is ready, and one customer is due who would answer."""
    scene = Scene(lab, tmp_path_factory.mktemp("refusals"))
    scene.clear()
    scene.customers("00")
    yield scene
    scene.leave()


def refusal(scene: Scene, *arguments: str, code: int = 1, **environment: str | None) -> str:
    """The sentence of a command that makes no call and ends with ``code``."""
    done = scene.command(*arguments, environment=environment)
    assert done.returncode == code, done.stderr + done.stdout
    (sentence,) = [line for line in done.stderr.splitlines() if not _LOG_LINE.match(line)]
    assert sentence.startswith("originator: ")
    assert "Traceback" not in done.stderr
    assert scene.calls() == []
    assert scene.calls_up() == 0
    assert scene.rows("SELECT * FROM overdue_attempt") == []
    return sentence


def at(moment: str) -> Mapping[str, str]:
    """The environment of a program whose clock starts at ``moment`` (UTC)."""
    return {
        "LD_PRELOAD": str(FAKETIME),
        "FAKETIME": f"@{moment}",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        "TZ": "UTC",
    }


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"MYSQL_PASSWORD": "wrong"}, "cannot be reached: Access denied for user 'overdue'"),
        ({"MYSQL_SOCKET": None, "MYSQL_PORT": "1"}, "127.0.0.1:1 cannot be reached: Can't connect"),
        ({"MYSQL_DATABASE": "nadie"}, "cannot be reached: Access denied"),
        ({"MYSQL_PORT": "tres"}, "MYSQL_PORT must be a port from 1 to 65535"),
        ({"ASTERISK_PASSWORD": "wrong"}, "refuses the login of 'overdue': check ASTERISK_USERNAME"),
        ({"ASTERISK_PORT": "1"}, "127.0.0.1:1 cannot be reached"),
        ({"ASTERISK_USERNAME": None}, "set these environment variables: ASTERISK_USERNAME"),
        ({"MYSQL_USER": "", "ASTERISK_PASSWORD": None}, "variables: MYSQL_USER, ASTERISK_PASSWORD"),
        ({"OVERDUE_SECRET": None}, "set these environment variables: OVERDUE_SECRET"),
        ({"OVERDUE_SECRET": "corto"}, "OVERDUE_SECRET must have at least 16 characters"),
        ({"OVERDUE_SECRET": "another-secret-than-the-servers"}, "the same OVERDUE_SECRET"),
    ],
)
def test_environment(ready: Scene, changes: dict[str, str | None], said: str) -> None:
    assert said in refusal(ready, "run", ready.campaign(), **changes)


LONG = [f"es_MX/{n:0120}" for n in range(20)]
"""More than one line of AMI takes."""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"source": {"customers": "nadie"}}, "cannot be used as the campaign's `source` says"),
        ({"source": {"phones": ["celular"]}}, "Unknown column 'c.celular'"),
        ({"source": {"where": {"zona": "1"}}}, "Unknown column 'c.zona'"),
        ({"trunk": {"name": "nadie"}}, "the trunk PJSIP/nadie is not configured on the PBX"),
        ({"prompt": "es_MX/nadie"}, "the prompt es_MX/nadie is not among the PBX's sounds"),
        ({"personal": LONG}, f"the prompt {LONG[0]} is not among the PBX's sounds"),
        ({"trunk": {"speed": 3}}, "there is no key “speed” in trunks.1, allowed are technology"),
        ({"law": "ley"}, "law is “ley”, allowed is co-ley-2300 or none"),
    ],
)
def test_campaign(ready: Scene, changes: dict[str, Any], said: str) -> None:
    assert said in refusal(ready, "run", ready.campaign(changes))


def test_campaign_file(ready: Scene) -> None:
    assert "No such file" in refusal(ready, "run", "nowhere.yaml")
    broken = ready.directory / "broken.yaml"
    broken.write_text("campaign: [")
    assert "broken.yaml line 1: not YAML" in refusal(ready, "run", str(broken))


@contextmanager
def without_context(scene: Scene) -> Iterator[None]:
    scene.lab.pbx.cli("dialplan remove context overdue-hangup")
    try:
        yield
    finally:
        scene.lab.pbx.cli("dialplan reload")


@contextmanager
def without_fastagi(scene: Scene) -> Iterator[None]:
    scene.stop_fastagi()
    try:
        yield
    finally:
        scene.start_fastagi()


@contextmanager
def without_our_tables(scene: Scene) -> Iterator[None]:
    scene.rows("RENAME TABLE overdue_migration TO set_aside")
    try:
        yield
    finally:
        scene.rows("RENAME TABLE set_aside TO overdue_migration")


@pytest.mark.parametrize(
    ("missing", "said"),
    [
        (without_context, "the PBX has no context [overdue-hangup]: include dialplan/overdue.conf"),
        (without_fastagi, "the PBX gets no answer from FastAGI: start `fastagi-server serve`"),
        (
            without_our_tables,
            f"our tables are not up to date ({', '.join(available().values())}): run `originator",
        ),
    ],
)
def test_a_part_is_missing(ready: Scene, missing: Callable[..., Any], said: str) -> None:
    with missing(ready):
        assert said in refusal(ready, "run", ready.campaign())


@pytest.mark.parametrize(
    ("moment", "why", "opens"),
    [
        ("2026-11-29 15:00:00", "Sunday", "Monday 2026-11-30 07:00"),
        ("2026-12-08 15:00:00", "public holiday", "Wednesday 2026-12-09 07:00"),
        ("2026-11-23 11:59:00", "before the opening hour", "Monday 2026-11-23 07:00"),
        ("2026-11-28 19:59:20", "after the last start of the day", "Monday 2026-11-30 07:00"),
    ],
)
def test_outside_the_legal_hours(ready: Scene, moment: str, why: str, opens: str) -> None:
    campaign = ready.campaign({"law": "co-ley-2300"})
    sentence = refusal(ready, "run", campaign, code=3, **at(moment))
    assert f"no call may start now ({why}); the next window opens {opens}" in sentence


def test_a_clock_that_differs_from_the_databases(ready: Scene) -> None:
    """Within the hours, by its own clock: the law alone would let it call."""
    campaign = ready.campaign({"law": "co-ley-2300"})
    sentence = refusal(ready, "run", campaign, **at("2026-11-24 15:00:00"))
    assert re.search(r"clock and the database's differ by [\d.]+ s \(2 s allowed\)", sentence)


def test_after_all_these_the_customer_is_called(ready: Scene) -> None:
    """What was missing was the only obstacle each time."""
    assert ready.run("--limit", "1")["outcomes"] == {"delivered": 1}
