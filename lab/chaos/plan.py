"""What one run of the chaos does, drawn from its seed and index: the same pair, the same plan."""

import random
from dataclasses import dataclass
from enum import StrEnum

from lab.customers import number

_ENDINGS = {
    "00": 8, "50": 2, "51": 2, "60": 3, "61": 2, "62": 2, "63": 1, "70": 1, "71": 1, "72": 1,
    "80": 1, "81": 1, "82": 1, "90": 1, "92": 1, "95": 2, "96": 1, "97": 1, "98": 2, "99": 1,
}  # fmt: skip
"""How often each behaviour of the carrier comes, of 35."""


class Part(StrEnum):
    """What a fault hits."""

    ORIGINATOR = "originator"
    SECOND_ORIGINATOR = "second originator"
    FASTAGI = "fastagi"
    FASTAGI_WORKER = "fastagi worker"
    DATABASE = "database"
    PBX = "pbx"
    AMI_LINK = "ami link"
    SQL_LINK = "sql link"


class Action(StrEnum):
    """What a fault does to it."""

    KILL = "kill -9"
    SUSPEND = "suspend"
    DELAY = "delay"
    RESET = "reset"
    HALF_OPEN = "half open"
    CUT = "cut in mid-line"


class Point(StrEnum):
    """A moment in the life of an attempt, as it is seen on the wire between two programs."""

    CLAIM_COMMIT = "before the claim's commit"
    WIRE = "between commit and wire"
    ACKNOWLEDGEMENT = "between wire and acknowledgement"
    END_REPORT = "before the end is reported"
    END_COMMIT = "during the end's transaction"
    END_COMMITTED = "after the end's commit"


KILLED_AT = {
    Point.CLAIM_COMMIT: (Part.ORIGINATOR, Part.DATABASE, Part.PBX),
    Point.WIRE: (Part.ORIGINATOR, Part.PBX, Part.DATABASE),
    Point.ACKNOWLEDGEMENT: (Part.ORIGINATOR, Part.PBX, Part.DATABASE),
    Point.END_REPORT: (Part.FASTAGI, Part.FASTAGI_WORKER, Part.DATABASE, Part.PBX, Part.ORIGINATOR),
    Point.END_COMMIT: (Part.FASTAGI, Part.FASTAGI_WORKER, Part.DATABASE, Part.PBX),
    Point.END_COMMITTED: (Part.FASTAGI, Part.FASTAGI_WORKER, Part.DATABASE, Part.PBX),
}
"""What is killed at a point: the two programs that it lies between, and what they rest on."""
_KILLED = (Part.FASTAGI, Part.FASTAGI_WORKER, Part.DATABASE, Part.PBX)
_SUSPENDED = (Part.FASTAGI, Part.FASTAGI_WORKER, Part.DATABASE)
_LINKS = (Part.AMI_LINK, Part.SQL_LINK)
_ON_LINKS = (Action.DELAY, Action.RESET, Action.HALF_OPEN, Action.CUT)


@dataclass(frozen=True)
class Fault:
    """One fault; either ``at`` or ``point`` says when."""

    action: Action
    part: Part
    at: float | None
    """Seconds after the first `originator run` was started."""
    point: Point | None
    nth: int
    """At which occurrence of the point."""
    passes: bool
    """Whether the bytes that are held at the point still arrive."""
    seconds: float
    """Until the service manager starts the part again, or the fault is taken away."""

    def __str__(self) -> str:
        """In words, for the report."""
        when = f"{self.at:.1f} s" if self.point is None else f"{self.point}, time {self.nth}"
        return f"{self.action} {self.part} ({when}, back after {self.seconds:.1f} s)"


@dataclass(frozen=True)
class Plan:
    """One run."""

    numbers: tuple[str, ...]
    """Of the customers, each with a behaviour of the carrier."""
    faults: tuple[Fault, ...]
    originators: tuple[Part, ...] = (Part.ORIGINATOR,)
    """The same cron job, started once or twice."""


def draw(seed: int, run: int) -> Plan:
    """The plan of run ``run`` of ``seed``."""
    dice = random.Random(f"{seed}/{run}")  # noqa: S311 (no secret)
    endings = dice.choices(list(_ENDINGS), list(_ENDINGS.values()), k=dice.randint(30, 60))
    numbers = tuple(number(place, ending) for place, ending in enumerate(endings))
    originators = (Part.ORIGINATOR, Part.SECOND_ORIGINATOR)[: dice.choice((1, 1, 2))]
    faults = tuple(_fault(dice, originators) for _ in range(dice.randint(3, 5)))
    return Plan(numbers, faults, originators)


def _fault(dice: random.Random, originators: tuple[Part, ...]) -> Fault:
    kind = dice.choices(("kill", "point", "suspend", "link"), (4, 5, 2, 3))[0]
    at = round(dice.uniform(2, 14), 1)
    seconds = round(dice.uniform(0.5, 5), 1)
    if kind == "point":
        point = dice.choice(list(Point))
        part = dice.choice(KILLED_AT[point])
        nth = dice.randint(1, 20)
        return Fault(Action.KILL, part, None, point, nth, dice.random() < 0.5, seconds)
    if kind == "kill":
        return Fault(Action.KILL, dice.choice((*originators, *_KILLED)), at, None, 0, True, seconds)
    if kind == "suspend":
        return Fault(Action.SUSPEND, dice.choice(_SUSPENDED), at, None, 0, True, seconds)
    action, part = dice.choice(_ON_LINKS), dice.choice(_LINKS)
    return Fault(action, part, at, None, 0, True, seconds)
