"""What the number of customers costs: the first call, the plan, the database's part of a call."""

import json
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from lab import product
from lab.bench.cpu import cpu_seconds
from lab.bench.measure import SHORT
from lab.company import fill, fill_attempts
from lab.errors import LabError
from lab.lab import Lab

CALLS = 60
_PAST_RUN = "01BENCH0000000000000000000"


@dataclass(frozen=True)
class Cost:
    """What one size of company costs."""

    customers: int
    plan_seconds: float
    plan_mb: float
    """Peak memory of the process."""
    first_invite_seconds: float
    """From the start of the program to the first INVITE in the carrier's record."""
    run_mb: float
    database_ms: float
    """CPU time of the database for each call, from the first INVITE on."""


def measure(lab: Lab, customers: int) -> Cost:
    """Fill the database with customers, thrice as many invoices and as many past calls; plan and
    call; raises LabError."""
    _fill(lab, customers)
    campaign = lab.state / "scale.yaml"
    content = {
        "campaign": "bench",
        "law": "none",
        "prompt": SHORT,
        "paid_prompt": None,
        "trunks": [{"calls_per_second": 10, "max_calls": CALLS}],
        "timing": {"ring_seconds": 5, "call_seconds": 20},
        "source": {"where": {"activo": 1, "eliminar": 0}},
    }
    campaign.write_text(json.dumps(content))  # JSON is YAML
    plan_seconds, plan_mb = _run(lab, "plan", str(campaign))
    lab.carrier.reset()
    server = lab.database.process.pid or 0
    began, before = datetime.now(UTC), cpu_seconds(server)
    _, run_mb = _run(lab, "run", str(campaign), "--limit", str(CALLS))
    spent = cpu_seconds(server) - before
    calls = lab.carrier.calls()
    selecting = _selecting_seconds(lab, campaign, server)
    if len(calls) != CALLS:
        raise LabError(f"The carrier saw {len(calls)} of {CALLS} calls.")
    first = min(call.invite_at for call in calls)
    return Cost(
        customers=customers,
        plan_seconds=plan_seconds,
        plan_mb=plan_mb,
        first_invite_seconds=(first - began).total_seconds(),
        run_mb=run_mb,
        database_ms=1000 * (spent - selecting) / CALLS,
    )


def _selecting_seconds(lab: Lab, campaign: Path, server: int) -> float:
    """CPU time of the database until the first call, from a run that makes one."""
    before = cpu_seconds(server)
    _run(lab, "run", str(campaign), "--limit", "1")
    return cpu_seconds(server) - before


def _fill(lab: Lab, customers: int) -> None:
    lab.database.reset()
    done = product.run(lab, "originator", "db", "migrate")
    if done.returncode != 0:
        raise LabError(done.stderr.strip())
    with lab.database.connect() as connection:
        fill(connection, customers)
        with connection.cursor() as cursor:
            cursor.execute(
                "INSERT INTO overdue_run (id, campaign, delivered_after_seconds, time_zone, host,"
                " pid, started_at, heartbeat_at, ended_at) VALUES (%s, 'bench', 8,"
                " 'America/Bogota', '-', 1, '2026-01-01', '2026-01-01', '2026-01-01')",
                (_PAST_RUN,),
            )
        fill_attempts(connection, customers, customers, _PAST_RUN, datetime.now(UTC))


def _run(lab: Lab, *arguments: str) -> tuple[float, float]:
    """Seconds that the originator took and the most memory that it held, in MB."""
    log = lab.state / "scale.log"
    began = time.monotonic()
    process = product.start(lab, "originator", *arguments, log=log)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        raise LabError(f"originator {arguments[0]} ended with {process.returncode}; see {log}.")
    return time.monotonic() - began, usage.ru_maxrss / 1024
