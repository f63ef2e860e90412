"""The doctor on real parts: green when all is well; what is broken is named in its own line."""

import json
import re
import signal
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Any

import pytest

from campaign.source import Source
from campaign.store import grants
from campaign.store.migrate import available
from lab import Lab
from lab.database import NAME
from lab.pbx import TRUNK
from lab.waiting import wait_until
from tests.e2e.scene import PAID_PROMPT, PROMPT, Scene

ACCOUNT = "medico"
HANGUP = "dialplan overdue-hangup"


@pytest.fixture(scope="module")
def ready(lab: Lab, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """All is ready, and an account of the database that has the least rights."""
    scene = Scene(lab, tmp_path_factory.mktemp("doctor"))
    scene.clear()
    account = grants.Account(ACCOUNT, "localhost")
    scene.rows(f"CREATE OR REPLACE USER {account.quoted} IDENTIFIED BY 'clave'")
    for grant in grants.grants("application", account, NAME, [Source()]):
        scene.rows(grant)
    yield scene
    scene.rows(f"DROP USER {account.quoted}")
    scene.leave()


def doctor(scene: Scene, code: int, **environment: str | None) -> dict[str, dict[str, Any]]:
    """The report by check; the command must end with ``code``."""
    account = {"MYSQL_USER": ACCOUNT, "MYSQL_PASSWORD": "clave"}
    done = scene.command(
        "doctor", scene.campaign(), "--json", environment={**account, **environment}
    )
    assert done.returncode == code, done.stderr + done.stdout
    report = {line["check"]: line for line in json.loads(done.stdout)}
    assert len(report) == len(json.loads(done.stdout))
    return report


def wrong(report: dict[str, dict[str, Any]]) -> set[str]:
    return {check for check, line in report.items() if line["verdict"] == "wrong"}


def probes(scene: Scene) -> set[str]:
    """What probes left in AstDB; runs that were refused leave theirs."""
    lines = scene.lab.pbx.cli("database show overdue-probe").splitlines()
    return {line for line in lines if line.startswith("/overdue-probe/")}


def test_green(ready: Scene) -> None:
    before = probes(ready)
    report = doctor(ready, 0)
    not_ok = {check: line for check, line in report.items() if line["verdict"] != "ok"}
    # The lab's host has no systemd, and its PBX lives in a tree of its own.
    assert {line["verdict"] for line in not_ok.values()} <= {"not_checked"}, not_ok
    assert not_ok.keys() == {
        "timer", f"prompt files {PROMPT}", f"prompt files {PAID_PROMPT}"
    }  # fmt: skip
    # It leaves nothing behind.
    assert wait_until(lambda: probes(ready) == before, 10)
    assert ready.attempts() == []
    assert ready.calls() == []


@contextmanager
def a_line_changed(scene: Scene) -> Iterator[None]:
    file = scene.lab.pbx.directory / "etc" / "overdue" / "overdue.conf"
    before = file.read_text()
    head, hangup = before.split("[overdue-hangup]")
    changed = f"{head}[overdue-hangup]{hangup.replace('n,Return()', 'n,NoOp()', 1)}"
    assert changed != before
    file.write_text(changed)
    scene.lab.pbx.cli("dialplan reload")
    try:
        yield
    finally:
        file.write_text(before)
        scene.lab.pbx.cli("dialplan reload")


@contextmanager
def a_context_removed(scene: Scene) -> Iterator[None]:
    scene.lab.pbx.cli("dialplan remove context overdue-inbound")
    try:
        yield
    finally:
        scene.lab.pbx.cli("dialplan reload")


@contextmanager
def removed(scene: Scene, prompt: str) -> Iterator[None]:
    sounds = scene.lab.pbx.directory / "data" / "sounds"
    for file in sounds.glob(f"{prompt}.*"):
        file.unlink()
    try:
        yield
    finally:
        scene.lab.pbx.install_sounds(scene.lab.state / "sounds")


def a_prompt_removed(scene: Scene) -> AbstractContextManager[None]:
    return removed(scene, PAID_PROMPT)


def a_prompt_of_a_key_removed(scene: Scene) -> AbstractContextManager[None]:
    return removed(scene, "es_MX/dnc_confirm")


@contextmanager
def fastagi_stopped(scene: Scene) -> Iterator[None]:
    scene.stop_fastagi()
    try:
        yield
    finally:
        scene.start_fastagi()


@contextmanager
def a_right_missing(scene: Scene) -> Iterator[None]:
    who = f"'{ACCOUNT}'@'localhost'"
    scene.rows(f"REVOKE DELETE ON {NAME}.overdue_attempt_note FROM {who}")
    try:
        yield
    finally:
        scene.rows(f"GRANT DELETE ON {NAME}.overdue_attempt_note TO {who}")


@contextmanager
def a_migration_missing(scene: Scene) -> Iterator[None]:
    last = max(available())
    scene.rows("DELETE FROM overdue_migration WHERE version = %s", last)
    try:
        yield
    finally:
        scene.rows(
            "INSERT INTO overdue_migration VALUES (%s, %s, UTC_TIMESTAMP(3))",
            last,
            available()[last],
        )


@contextmanager
def the_carrier_away(scene: Scene) -> Iterator[None]:
    scene.lab.carrier.process.signal(signal.SIGSTOP)
    scene.lab.pbx.cli(f"pjsip qualify {TRUNK}")
    assert wait_until(lambda: not scene.lab.pbx.trunk_available(), 20)
    try:
        yield
    finally:
        scene.lab.carrier.process.signal(signal.SIGCONT)
        scene.lab.pbx.wait_trunk()


@contextmanager
def no_address_of_fastagi(scene: Scene) -> Iterator[None]:
    scene.lab.pbx.cli("dialplan set global OVERDUE_FASTAGI localhost")
    try:
        yield
    finally:
        scene.lab.pbx.cli("dialplan set global OVERDUE_FASTAGI 127.0.0.1:4573")


@pytest.mark.parametrize(
    ("broken", "named", "seen", "todo"),
    [
        (
            a_line_changed,
            {HANGUP},
            "not loaded: [overdue-hangup] s,7 Return(); loaded: [overdue-hangup] s,7 NoOp()",
            "copy the packaged dialplan/overdue.conf",
        ),
        pytest.param(
            a_context_removed,
            {"dialplan overdue-inbound"},
            "the PBX has no context [overdue-inbound]",
            "include dialplan/overdue.conf",
            marks=pytest.mark.slow,
        ),
        (a_prompt_removed, {f"prompt {PAID_PROMPT}"}, "not among the PBX's sounds", "build it"),
        pytest.param(
            a_prompt_of_a_key_removed,
            {"prompt es_MX/dnc_confirm"},
            "not among the PBX's sounds",
            "build it",
            marks=pytest.mark.slow,
        ),
        (fastagi_stopped, {"fastagi"}, "no answer from FastAGI", "`fastagi-server serve`"),
        pytest.param(
            a_right_missing,
            {"grants"},
            f"may not DELETE ON `{NAME}`.`overdue_attempt_note`",
            f"originator db grant application {ACCOUNT}@localhost",
            marks=pytest.mark.slow,
        ),
        pytest.param(
            a_migration_missing,
            {"tables"},
            max(available().values()),
            "originator db migrate",
            marks=pytest.mark.slow,
        ),
        (
            the_carrier_away,
            {"trunk PJSIP/voip_issabel"},
            "does not reach its carrier",
            "check its address",
        ),
        pytest.param(
            no_address_of_fastagi,
            {"global OVERDUE_FASTAGI", "fastagi"},
            "OVERDUE_FASTAGI is localhost, which is no literal address",
            "overdue_globals.conf",
            marks=pytest.mark.slow,
        ),
    ],
)
def test_what_is_broken_is_named(
    ready: Scene, broken: Callable[..., Any], named: set[str], seen: str, todo: str
) -> None:
    with broken(ready):
        report = doctor(ready, 1)
    assert wrong(report) == named
    lines = [report[check] for check in named]
    assert any(seen in line["seen"] and todo in line["do"] for line in lines), lines


def test_a_wrong_ami_password_hides_nothing_of_the_database(ready: Scene) -> None:
    report = doctor(ready, 1, ASTERISK_PASSWORD="wrong")
    assert wrong(report) == {"ami"}
    assert "refuses the login of 'overdue'" in report["ami"]["seen"]
    assert report["grants"]["verdict"] == "ok"
    assert report["fastagi"]["verdict"] == "not_checked"


def test_a_database_that_is_away_hides_nothing_of_the_pbx(ready: Scene) -> None:
    report = doctor(ready, 1, MYSQL_SOCKET=None, MYSQL_PORT="1")
    assert wrong(report) == {"database"}
    assert report["tables"]["verdict"] == "not_checked"
    assert {report[check]["verdict"] for check in (HANGUP, "fastagi", "ami rights")} == {"ok"}


@pytest.mark.slow
def test_another_secret_than_the_servers(ready: Scene) -> None:
    report = doctor(ready, 1, OVERDUE_SECRET="another-secret-than-the-servers")
    assert wrong(report) == {"fastagi"}
    assert "the same OVERDUE_SECRET" in report["fastagi"]["do"]


@contextmanager
def changed(scene: Scene, file: str, text: Callable[[str], str], reload: str) -> Iterator[None]:
    """A file of the PBX changed by hand."""
    path = scene.lab.pbx.directory / "etc" / file
    before = path.read_text()
    after = text(before)
    assert after != before
    path.write_text(after)
    scene.lab.pbx.cli(reload)
    try:
        yield
    finally:
        path.write_text(before)
        scene.lab.pbx.cli(reload)


def test_an_ami_user_with_more_than_the_least(ready: Scene) -> None:
    def generous(text: str) -> str:
        lines = [line for line in text.splitlines() if not line.startswith("eventfilter")]
        return (
            "\n".join(lines)
            .replace("read = system,call", "read = all")
            .replace("write = originate,reporting", "write = originate,reporting,command")
        )

    with changed(ready, "manager.conf", generous, "manager reload"):
        report = doctor(ready, 0)
    assert report["ami rights"]["verdict"] == "ok"
    assert report["ami rights beyond"]["verdict"] == "warning"
    assert report["ami rights beyond"]["seen"].endswith(": command")
    assert report["ami events"]["verdict"] == "warning"
    assert "dialplan" in report["ami events"]["seen"].partition("by the read right")[2]


@pytest.mark.slow
def test_an_ami_user_without_reporting(ready: Scene) -> None:
    def poor(text: str) -> str:
        return text.replace("write = originate,reporting", "write = originate")

    with changed(ready, "manager.conf", poor, "manager reload"):
        report = doctor(ready, 1)
    assert "lacks the write right reporting" in report["ami rights"]["seen"]
    assert report["tables"]["verdict"] == "ok"


@pytest.mark.slow
def test_an_ami_user_who_hears_nothing_of_calls(ready: Scene) -> None:
    def deaf(text: str) -> str:
        return text.replace("read = system,call", "read = system")

    with changed(ready, "manager.conf", deaf, "manager reload"):
        report = doctor(ready, 1)
    assert wrong(report) == {"ami events"}
    assert "does not hear Hangup, OriginateResponse" in report["ami events"]["seen"]


def test_a_trunk_that_nothing_qualifies_is_not_checked(ready: Scene) -> None:
    def unqualified(text: str) -> str:
        return re.sub(r"qualify_frequency = \d+", "qualify_frequency = 0", text)

    with changed(ready, "pjsip.conf", unqualified, "module reload res_pjsip.so"):
        report = doctor(ready, 0)
    assert report[f"trunk PJSIP/{TRUNK}"]["verdict"] == "not_checked"
    ready.lab.pbx.wait_trunk()
