"""How evenly calls reach the carrier: at each rate, in each course, by the packets themselves."""

import json
import re
import signal
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from pathlib import Path
from subprocess import Popen

from lab import customers, product
from lab.bench.answer import Packet
from lab.bench.capture import Capture
from lab.customers import Customer
from lab.demo import ZONE
from lab.errors import LabError
from lab.lab import Lab
from lab.ports import CARRIER_SIP
from lab.waiting import wait_until
from lab.windows import busiest, nearest, per_second

RATES = (1, 5, 10, 20)
LEAST = 0.97
"""Of the set rate, while customers are due."""
BUSY = "60"
"""Ending of a number that is busy: calls that are over at once leave the pace alone to be seen."""
_START_SECONDS = 20
_END_SECONDS = 60
_CALL_ID = re.compile(rb"^Call-ID: *(\S+)", re.MULTILINE | re.IGNORECASE)

Work = Callable[[Lab, Path, float], list[float]]
"""Make calls for so many seconds; returns the moments (epoch) at which originators were away."""


@dataclass(frozen=True)
class Pace:
    """What the carrier saw."""

    course: str
    rate: float
    calls: int
    busiest: int
    """The most new calls in any sliding window of exactly one second."""
    spare_ms: float
    """By how much the nearest calls missed being one too many; negative: they were."""
    reached: float
    """Of the set rate, without the time in which no originator ran."""

    @property
    def kept(self) -> bool:
        """Whether no window held more than the rate, and enough of it was reached."""
        return self.busiest <= self.rate and self.reached >= LEAST


def one(lab: Lab, campaign: Path, seconds: float) -> list[float]:
    """One originator."""
    _work_for(lab, [_start(lab, campaign, "one")], seconds)
    return []


def restart(lab: Lab, campaign: Path, seconds: float) -> list[float]:
    """One that is stopped in the middle, and another one started at once."""
    _work_for(lab, [_start(lab, campaign, "first")], seconds / 2)
    away = time.time()
    _work_for(lab, [_start(lab, campaign, "second")], seconds / 2)
    return [away]


def two(lab: Lab, campaign: Path, seconds: float) -> list[float]:
    """Two originators at once."""
    _work_for(lab, [_start(lab, campaign, name) for name in ("first", "second")], seconds)
    return []


COURSES: dict[str, Work] = {"one originator": one, "a restart": restart, "two at once": two}


def measure_pace(lab: Lab, prompt: str, course: str, rate: float, seconds: float) -> Pace:
    """Make calls on a lab that is up, with customers enough; raises LabError."""
    lab.carrier.reset()
    lab.database.reset()
    done = product.run(lab, "originator", "db", "migrate")
    if done.returncode != 0:
        raise LabError(done.stderr.strip())
    _insert(lab, round(rate * (seconds + _START_SECONDS)))
    capture = Capture()
    with capture.listening():
        away = COURSES[course](lab, _campaign(lab, prompt, rate), seconds)
    return judge(course, rate, invites(capture.to_carrier), away)


def invites(packets: Iterable[Packet]) -> list[float]:
    """When each call's first INVITE reached the carrier, in order."""
    first: dict[bytes, float] = {}
    for packet in packets:
        call = packet.data.startswith(b"INVITE ") and _CALL_ID.search(packet.data)
        if call and packet.to_port == CARRIER_SIP.number:
            first.setdefault(call[1], packet.at)
    return sorted(first.values())


def judge(course: str, rate: float, times: list[float], away: Iterable[float]) -> Pace:
    """What these calls say; ``away``: moments in which no originator ran."""
    bounds = [float("-inf"), *away, float("inf")]
    stretches = [[at for at in times if begin <= at < end] for begin, end in pairwise(bounds)]
    if any(len(stretch) < 3 for stretch in stretches):
        raise LabError(f"{course} at {rate:g} a second: only {len(times)} calls were made.")
    return Pace(
        course=course,
        rate=rate,
        calls=len(times),
        busiest=busiest(times),
        spare_ms=1000 * (nearest(times, int(rate)) - 1),
        reached=min(per_second(stretch) for stretch in stretches) / rate,
    )


def _start(lab: Lab, campaign: Path, name: str) -> "Popen[bytes]":
    return product.start(
        lab, "originator", "run", str(campaign), log=lab.state / f"originator-{name}.log"
    )


def _work_for(lab: Lab, originators: "list[Popen[bytes]]", seconds: float) -> None:
    """Let them work, from the first call on, and stop them as an operator does."""
    made = len(lab.carrier.calls())
    try:
        if not wait_until(lambda: len(lab.carrier.calls()) > made, _START_SECONDS):
            raise LabError("No call reaches the carrier.")
        wait_until(lambda: any(each.poll() is not None for each in originators), seconds)
        ended = [each.poll() for each in originators if each.poll() is not None]
        if ended:
            raise LabError(f"An originator ended before its time, with {ended[0]}.")
        for each in originators:
            each.send_signal(signal.SIGTERM)
        for each in originators:
            each.wait(_END_SECONDS)
    finally:
        for each in originators:
            each.kill()
            each.wait()


def _insert(lab: Lab, count: int) -> None:
    today = str(datetime.now(ZONE).day)
    numbers = [customers.number(place, BUSY) for place in range(count)]
    with lab.database.connect() as connection:
        customers.insert(connection, [Customer(f"Cliente {n}", n, today) for n in numbers])


def _campaign(lab: Lab, prompt: str, rate: float) -> Path:
    content = {
        "campaign": "pace",
        "law": "none",
        "prompt": prompt,
        "paid_prompt": None,
        "trunks": [{"calls_per_second": rate, "max_calls": 100}],
        "limits": {"calls_per_day": 1_000_000, "run_seconds": 3600},
        "timing": {"ring_seconds": 15, "call_seconds": 40},
    }
    file = lab.state / "pace.yaml"
    file.write_text(json.dumps(content))  # JSON is YAML
    return file
