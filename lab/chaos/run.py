"""One run: an empty company, a storm, and the judgement."""

import shutil
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from lab import customers, product
from lab.chaos import campaign
from lab.chaos.check import Breach, Terms, Troubles, find_breaches
from lab.chaos.ear import heard_by_ear
from lab.chaos.history import history
from lab.chaos.lateness import find_late
from lab.chaos.load import find_overload
from lab.chaos.parts import Parts
from lab.chaos.plan import Action, Part, Plan
from lab.chaos.rows import Attempt, Rows
from lab.chaos.storm import Hit, Storm
from lab.demo import ZONE
from lab.errors import LabError
from lab.lab import Lab
from lab.waiting import wait_until

_TERMS = Terms(campaign.RING_SECONDS, campaign.DELIVERED_AFTER_SECONDS, campaign.PROMPT_SECONDS)
_LONGEST = timedelta(seconds=campaign.RING_SECONDS + campaign.CALL_SECONDS + campaign.GRACE_SECONDS)
_CLEAR_SECONDS = 15
_AFTER = timedelta(seconds=2)
"""A part that has just been started again is not ready yet."""


@dataclass(frozen=True)
class Struck:
    """One fault and what it met."""

    fault: str
    at: float
    """Seconds after the run began."""
    open_attempts: int


@dataclass(frozen=True)
class Result:
    """What came of a run."""

    name: str
    """As ``seed-run``: also its directory under ``.lab/chaos/runs``."""
    seconds: float
    customers: int
    originators: int
    calls: int
    attempts: int
    outcomes: dict[str, int]
    faults: list[Struck]
    not_reached: list[str]
    """Faults whose point did not come."""
    counted: bool
    """Whether a fault hit while an attempt was open."""
    breaches: list[str]
    histories: dict[str, list[str]]
    """By number, of those that a breach is about."""


def one_run(lab: Lab, plan: Plan, name: str) -> Result:
    """Carry out a plan on a lab that is up; ``name`` is its directory's."""
    directory = lab.state / "runs" / name
    shutil.rmtree(directory, ignore_errors=True)
    directory.mkdir(parents=True)
    began, began_at = time.monotonic(), datetime.now(UTC)
    storm = Storm(plan)
    parts = Parts(lab, directory, campaign.write(directory / "campaign.yaml"), storm.hold)
    try:
        _clear(lab, parts, plan)
        storm.rage(parts)
        healed = storm.heal(parts)
    finally:
        parts.close()
    lab.carrier.cli("channel request hangup all")
    if not wait_until(lambda: _calls_up(lab) == 0, _CLEAR_SECONDS):
        raise LabError("The carrier's calls do not end.")
    calls = lab.carrier.calls()
    troubles = _troubles(storm.hits)
    with lab.database.connect() as connection:
        rows = Rows(connection)
        attempts = rows.attempts()
        breaches = [
            *find_breaches(
                calls, attempts, rows.customers(), troubles,
                _TERMS, heard_by_ear(lab, calls),
            ),
            *find_late(attempts, troubles.any, _LONGEST),
            *find_overload(calls, campaign.CALLS_PER_SECOND, campaign.MAX_CALLS),
        ]  # fmt: skip
        if not healed:
            breaches.append(Breach("not final", "Something is still due or open after the heal."))
        numbers = sorted({b.number for b in breaches if b.number})
        histories = {n: history(n, attempts, calls, rows, directory) for n in numbers}
    struck = [_struck(hit, attempts, began_at) for hit in storm.hits]
    return Result(
        name=name,
        seconds=round(time.monotonic() - began, 1),
        customers=len(plan.numbers),
        originators=len(plan.originators),
        calls=len(calls),
        attempts=len(attempts),
        outcomes=dict(Counter(a.outcome or a.state for a in attempts).most_common()),
        faults=struck,
        not_reached=[str(fault) for fault in storm.not_reached],
        counted=any(each.open_attempts for each in struck),
        breaches=[f"{breach.kind}: {breach.sentence}" for breach in breaches],
        histories=histories,
    )


def _clear(lab: Lab, parts: Parts, plan: Plan) -> None:
    """Empty tables, records and journal, new customers, a FastAGI server that answers."""
    if not parts.runs(Part.PBX):
        parts.start(Part.PBX)
    lab.pbx.wait_booted()
    lab.pbx.wait_trunk()
    lab.database.reset()
    lab.carrier.reset()
    for family in ("overdue", "overdue-probe"):
        lab.pbx.cli(f"database deltree {family}")
    migrated = product.run(lab, "originator", "db", "migrate")
    if migrated.returncode != 0:
        raise LabError(migrated.stderr.strip())
    today = str(datetime.now(ZONE).day)
    people = [customers.Customer(f"Cliente {n}", n, today) for n in plan.numbers]
    with lab.database.connect() as connection:
        customers.insert(connection, people)
    parts.start(Part.FASTAGI)
    if not wait_until(
        lambda: product.run(lab, "fastagi-server", "health").returncode == 0, _CLEAR_SECONDS
    ):
        raise LabError("The FastAGI server did not start.")


def _calls_up(lab: Lab) -> int:
    return int(lab.carrier.cli("core show channels count").split(" active channel")[0].split()[-1])


def _troubles(hits: Sequence[Hit]) -> Troubles:
    def spans(*parts: Part) -> list[tuple[datetime, datetime]]:
        return [
            (hit.at, (hit.over_at or hit.at) + _AFTER) for hit in hits if hit.fault.part in parts
        ]

    kills = [h.at for h in hits if h.fault.part is Part.PBX and h.fault.action is Action.KILL]
    return Troubles(kills, spans(Part.FASTAGI, Part.FASTAGI_WORKER), spans(*Part))


def _struck(hit: Hit, attempts: Sequence[Attempt], began_at: datetime) -> Struck:
    met = [a for a in attempts if a.claimed_at <= hit.at <= (a.ended_at or hit.at)]
    return Struck(str(hit.fault), round((hit.at - began_at).total_seconds(), 1), len(met))
