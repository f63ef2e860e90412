"""The same calls made in two ways: by the whole system, and by a bare ``Playback``."""

import json
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pymysql

from campaign.pace import spacing
from lab import customers, product, records
from lab.bench import bare
from lab.bench.cpu import cpu_seconds
from lab.calls import CarrierCall
from lab.customers import Customer
from lab.demo import ZONE
from lab.errors import LabError
from lab.lab import Lab
from lab.waiting import wait_until

LISTENERS = 50
"""Endings 00 to 49: the carrier answers after 1 s and listens."""
_RECORD_SECONDS = 10


@dataclass(frozen=True)
class Plan:
    """Calls to be made in one of the two ways."""

    calls: int
    prompt: str
    at_once: int
    per_second: float
    """0: as many as the machine can."""
    personal: tuple[str, ...] = ()
    """What is played in place of the prompt, as the campaign file says it."""


@dataclass(frozen=True)
class Made:
    """What making the calls took."""

    per_second: float
    """From the first INVITE to the end of the last call, in the carrier's record."""
    cpu_ms: dict[str, float]
    """CPU time per call by part of the system, in milliseconds."""
    fallback_percent: float | None = None
    """Of the calls, those that the dialplan served alone: the server was not there in time."""


Way = Callable[[Lab, Plan], Made]


def whole_system(lab: Lab, plan: Plan) -> Made:
    """By originator, dialplan, FastAGI server and database; raises LabError if one fails."""
    lab.carrier.reset()
    lab.database.reset()
    _must(product.run(lab, "originator", "db", "migrate"))
    today = str(datetime.now(ZONE).day)
    with lab.database.connect() as connection:
        people = [Customer(f"Cliente {number}", number, today) for number in _numbers(plan)]
        customers.insert(connection, people)
    before = _services(lab)
    originator_seconds = _run_originator(lab, _campaign(lab, plan), plan.calls)
    after = _services(lab)
    with lab.database.connect() as connection:
        delivered = [a for a in records.attempts(connection) if a.outcome == "delivered"]
        alone = _served_by_the_dialplan(connection)
    if len(delivered) != plan.calls:
        raise LabError(f"Only {len(delivered)} of {plan.calls} calls were delivered.")
    made = _made(lab, plan, before, after, {"originator": originator_seconds})
    return replace(made, fallback_percent=100 * alone / plan.calls)


def bare_playback(lab: Lab, plan: Plan) -> Made:
    """By an AMI connection and an extension that plays the prompt; raises LabError."""
    lab.carrier.reset()
    distance = spacing(plan.per_second).total_seconds()
    before = _services(lab)
    bare.call(lab.env(), _numbers(plan), plan.prompt, plan.at_once, distance)
    return _made(lab, plan, before, _services(lab), {})


def _numbers(plan: Plan) -> list[str]:
    return [customers.number(place, f"{place % LISTENERS:02}") for place in range(plan.calls)]


def _campaign(lab: Lab, plan: Plan) -> Path:
    content = {
        "campaign": "bench",
        "law": "none",
        "prompt": plan.prompt,
        "personal": plan.personal,
        "paid_prompt": None,
        "trunks": [{"calls_per_second": plan.per_second, "max_calls": plan.at_once}],
        "limits": {"max_calls": plan.at_once},
        "timing": {"ring_seconds": 15, "call_seconds": 40},
    }
    file = lab.state / "bench.yaml"
    file.write_text(json.dumps(content))  # JSON is YAML
    return file


def _run_originator(lab: Lab, campaign: Path, calls: int) -> float:
    """CPU seconds from its first call to its end: its start does not grow with the calls."""
    log = lab.state / "originator.log"
    process = product.start(lab, "originator", "run", str(campaign), log=log)
    try:
        wait_until(lambda: b"action=dialing" in log.read_bytes() or _over(process), 30)
        began = cpu_seconds(process.pid)
        if not wait_until(lambda: _over(process), 60 + calls):
            raise LabError(f"The originator does not end; see {log}.")
        seconds = cpu_seconds(process.pid) - began
    finally:
        process.kill()
        code = process.wait()
    if code != 0:
        raise LabError(f"The originator ended with {code}; see {log}.")
    return seconds


def _over(process: "subprocess.Popen[bytes]") -> bool:
    """Whether it has ended, without letting go of its /proc entry."""
    return os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _served_by_the_dialplan(connection: "pymysql.Connection[pymysql.cursors.Cursor]") -> int:
    with connection.cursor() as cursor:
        return cursor.execute("SELECT id FROM overdue_attempt WHERE played_by = 'dialplan'")


def _services(lab: Lab) -> dict[str, float]:
    """CPU seconds so far of all that was running before."""
    processes = {
        "FastAGI server": lab.fastagi,
        "database": lab.database.process,
        "Asterisk (PBX)": lab.pbx.process,
        "Asterisk (carrier)": lab.carrier.process,
    }
    return {name: cpu_seconds(process.pid) for name, process in processes.items() if process.pid}


def _made(
    lab: Lab,
    plan: Plan,
    before: dict[str, float],
    after: dict[str, float],
    others: dict[str, float],
) -> Made:
    wait_until(lambda: len(lab.carrier.calls()) >= plan.calls, _RECORD_SECONDS)
    calls = lab.carrier.calls()
    answered = [call for call in calls if call.answer_at is not None]
    if len(calls) != plan.calls or len(answered) != plan.calls:
        raise LabError(
            f"The carrier saw {len(calls)} calls and answered {len(answered)}, not {plan.calls}."
        )
    seconds = others | {name: after[name] - before[name] for name in after}
    return Made(
        per_second=plan.calls / _span_seconds(calls),
        cpu_ms={name: 1000 * spent / plan.calls for name, spent in seconds.items()},
    )


def _span_seconds(calls: Sequence[CarrierCall]) -> float:
    began, ended = min(call.invite_at for call in calls), max(call.end_at for call in calls)
    return (ended - began).total_seconds()


def _must(done: "subprocess.CompletedProcess[Any]") -> None:
    if done.returncode != 0:
        raise LabError(done.stderr.strip())
