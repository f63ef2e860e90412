"""The doctor's verdicts, from what was seen alone."""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta
from importlib import resources
from typing import Any

import pytest

from dialplan.packaged import packaged
from dialplan.steps import Include, Step
from originator.doctor.clocks import clocks
from originator.doctor.contexts import destinations, same
from originator.doctor.events import events
from originator.doctor.finding import Finding, Verdict
from originator.doctor.last_run import last_run
from originator.doctor.manager import NEEDED, manager
from originator.doctor.probing import fastagi, prompts
from originator.doctor.prompt_files import SoundFile, prompt_files
from originator.doctor.rights import rights
from originator.doctor.site_globals import fastagi_address
from originator.doctor.tables import tables
from originator.doctor.timers import service, timer
from originator.doctor.trunks import trunk
from originator.stop_reason import StopReason

OK, WARNING, WRONG, NOT_CHECKED = Verdict


def by_check(findings: Iterable[Finding]) -> dict[str, Finding]:
    return {finding.check: finding for finding in findings}


@pytest.mark.parametrize(
    ("seconds", "verdict"), [(0, OK), (2, OK), (-2, OK), (2.1, WRONG), (-2.1, WRONG)]
)
def test_clocks_may_differ_by_two_seconds(seconds: float, verdict: Verdict) -> None:
    assert clocks(timedelta(seconds=seconds)).verdict is verdict


def test_a_migration_that_is_missing_is_named() -> None:
    assert tables([]).verdict is OK
    assert "0003_rules.sql" in tables(["0003_rules.sql"]).sentence
    assert tables(["0003_rules.sql"]).verdict is WRONG


def test_a_right_that_lacks_is_wrong_and_one_too_many_is_not() -> None:
    wanted = ["GRANT SELECT ON `b`.`t` TO 'd'@'h'"]
    shown = ["GRANT DELETE ON `b`.`t` TO 'd'@'h'"]
    both = by_check(rights("d@h", wanted, shown))
    assert (both["grants"].verdict, both["grants beyond"].verdict) == (WRONG, WARNING)
    assert "SELECT ON `b`.`t`" in both["grants"].sentence
    assert "DELETE ON `b`.`t`" in both["grants beyond"].sentence
    assert by_check(rights("d@h", wanted, wanted)).keys() == {"grants"}


def offered(**more: str) -> dict[str, str]:
    """What ListCommands offers to the user with the least rights, and ``more``."""
    least = {
        action.lower(): f"… (Priv: {right},all)"
        for right, actions in NEEDED.items()
        for action in actions
    }
    both = {"coresettings": "… (Priv: system,reporting,all)", "login": "… (Priv: <none>)"}
    return {"response": "Success", **least, **both, **more}


def test_the_least_rights_of_the_ami_user_are_enough_and_not_too_much() -> None:
    assert [finding.verdict for finding in manager("overdue", offered())] == [OK]


@pytest.mark.parametrize(("action", "right"), [("originate", "originate"), ("dbget", "reporting")])
def test_a_write_right_that_lacks_is_named(action: str, right: str) -> None:
    left = {name: what for name, what in offered().items() if name != action}
    (finding,) = manager("overdue", left)
    assert finding.verdict is WRONG
    assert f"lacks the write right {right}" in finding.seen.english


@pytest.mark.parametrize(
    ("more", "named"),
    [
        ({"command": "… (Priv: command,all)"}, "command"),
        ({"hangup": "… (Priv: system,call,all)"}, "call or system"),
        (
            {"hangup": "… (Priv: system,call,all)", "redirect": "… (Priv: call,all)"},
            "call",
        ),
    ],
)
def test_a_write_right_beyond_the_needed_is_named(more: dict[str, str], named: str) -> None:
    finding = by_check(manager("overdue", offered(**more)))["ami rights beyond"]
    assert finding.verdict is WARNING
    assert finding.seen.english.endswith(f": {named}")


def test_events() -> None:
    call = {"Hangup": "call,all", "OriginateResponse": "call,all", "FullyBooted": "system,all"}
    assert events("overdue", call).verdict is OK
    deaf = events("overdue", {"FullyBooted": "system,all", "Hangup": "call,all"})
    assert deaf.verdict is WRONG
    assert "OriginateResponse" in deaf.sentence
    unfiltered = events("overdue", {**call, "Newchannel": "call,all", "VarSet": "dialplan,all"})
    assert unfiltered.verdict is WARNING
    assert "Newchannel, VarSet (by the read right dialplan)" in unfiltered.sentence


STEP = Step("c", "s", 1, "Return", "")
CHANGED = Step("c", "s", 1, "NoOp", "")
INCLUDE = Include("c", "d")


def test_a_context_is_compared_line_by_line() -> None:
    wanted = {STEP, INCLUDE}
    assert same("c", wanted, {STEP, INCLUDE}).verdict is OK
    changed = same("c", wanted, {CHANGED})
    assert changed.verdict is WRONG
    for said in (
        "not loaded: [c] s,1 Return()",
        "not loaded: [c] include => d",
        "loaded: [c] s,1 NoOp()",
    ):
        assert said in changed.seen.english
    assert "no context [c]" in same("c", wanted, None).sentence


def test_every_context_of_the_packaged_file_is_known() -> None:
    contexts = packaged()
    assert Include("overdue-answered", "overdue-destinations") in contexts["overdue-answered"]
    file = resources.files("dialplan").joinpath("overdue.conf").read_text("utf-8")
    assert sorted(contexts) == sorted(re.findall(r"^\[([\w-]+)\]", file, re.MULTILINE))
    assert all(line.context == name for name, lines in contexts.items() for line in lines)


def test_destinations_lead_to_the_message() -> None:
    here = Step("overdue-destinations", "_3X.", 1, "Goto", "overdue-message,s,1")
    elsewhere = Step("overdue-destinations", "_9X.", 1, "Goto", "from-internal,s,1")
    assert destinations({here}).verdict is OK
    assert destinations({here, elsewhere}).verdict is WARNING
    assert destinations({here, Include("overdue-destinations", "other")}).verdict is WARNING
    assert destinations(set()).verdict is WRONG
    assert destinations(None).verdict is WRONG


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("127.0.0.1:4573", OK),
        ("[::1]:4573", OK),
        ("", WRONG),
        ("localhost:4573", WRONG),
        ("127.0.0.1", WRONG),
    ],
)
def test_the_address_of_fastagi_is_literal(value: str, verdict: Verdict) -> None:
    assert fastagi_address(value).verdict is verdict


@pytest.mark.parametrize(
    ("state", "qualified", "verdict"),
    [
        ("NOT_INUSE", True, OK),
        ("INUSE", True, OK),
        ("NOT_INUSE", False, NOT_CHECKED),
        ("UNAVAILABLE", True, WRONG),
        ("INVALID", False, WRONG),
    ],
)
def test_a_trunk(state: str, qualified: bool, verdict: Verdict) -> None:
    assert trunk("PJSIP/t", state, qualified=qualified).verdict is verdict


@pytest.mark.parametrize("health", [None, "unreachable", "secret", "database"])
def test_fastagi_that_is_not_well_is_wrong(health: str | None) -> None:
    assert fastagi(health).verdict is WRONG
    assert fastagi("ok").verdict is OK


def test_each_prompt_has_its_line() -> None:
    lines = by_check(prompts(["a", "b"], ["b"], "ok"))
    assert {name: line.verdict for name, line in lines.items()} == {
        "prompt a": OK,
        "prompt b": WRONG,
    }
    assert [line.verdict for line in prompts(["a"], [], None)] == [NOT_CHECKED]


def sound(size: int = 8000, as_built: bool | None = None) -> SoundFile:
    return SoundFile(size, "ab" * 32, as_built)


@pytest.mark.parametrize(
    ("files", "verdict", "said"),
    [
        ({"ulaw": sound()}, OK, "ulaw abababababab"),
        ({"ulaw": sound(as_built=True)}, OK, "abababababab, as built"),
        ({"ulaw": sound(), "gsm": sound(0)}, WRONG, "p.gsm is empty"),
        ({"ulaw": sound(as_built=True), "gsm": sound(as_built=False)}, WRONG, "built: p.gsm"),
        ({}, WRONG, "p has no file"),
    ],
)
def test_the_files_of_a_prompt(files: dict[str, SoundFile], verdict: Verdict, said: str) -> None:
    finding = prompt_files("p", files)
    assert finding.verdict is verdict
    assert said in finding.sentence


WAITING = {
    "LoadState": "loaded",
    "ActiveState": "active",
    "SubState": "waiting",
    "NextElapseUSecRealtime": "Mon 2026-11-23 08:00:00 -05",
}


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({}, OK),
        ({"LoadState": "not-found"}, NOT_CHECKED),
        ({"ActiveState": "inactive"}, WRONG),
        ({"NextElapseUSecRealtime": ""}, WRONG),
        ({"SubState": "running", "NextElapseUSecRealtime": ""}, OK),
    ],
)
def test_the_timer(changes: dict[str, str], verdict: Verdict) -> None:
    assert timer("overdue-run@c.timer", WAITING | changes).verdict is verdict


def test_a_service_that_failed_is_a_warning() -> None:
    assert list(service("overdue-run@c.service", "success")) == []
    (finding,) = service("overdue-run@c.service", "exit-code")
    assert finding.verdict is WARNING


def run(**columns: Any) -> dict[str, Any]:
    began = datetime(2026, 11, 20, 13, 0)  # noqa: DTZ001 (as the database gives it)
    return {
        "started_at": began,
        "heartbeat_at": began,
        "ended_at": began,
        "stop_reason": "done",
        "silent_us": 0,
        **columns,
    }


@pytest.mark.parametrize(
    ("row", "verdict"),
    [
        (None, OK),
        (run(), OK),
        (run(ended_at=None), OK),
        (run(ended_at=None, silent_us=10**9), WARNING),
        (run(stop_reason=StopReason.OUTSIDE_HOURS), OK),
        (run(stop_reason=f"{StopReason.CLOCK_JUMPED}: by +9 s"), WARNING),
        (run(stop_reason=StopReason.OUR_MISTAKE), WARNING),
        (run(stop_reason="of another release"), OK),
    ],
)
def test_the_last_run_is_never_wrong(row: dict[str, Any] | None, verdict: Verdict) -> None:
    assert last_run("cortes", row).verdict is verdict
