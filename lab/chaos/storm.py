"""Lets the faults of a plan loose, then heals everything and lets the originator finish."""

import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime

from lab.chaos.parts import ORIGINATORS, Parts
from lab.chaos.plan import Action, Fault, Part, Plan, Point

STORM_SECONDS = 25.0
"""A point that was not reached by then is not waited for."""
HEAL_SECONDS = 120.0
_TICK_SECONDS = 0.05
_AGAIN_SECONDS = 1.0
_SERVICES = (Part.DATABASE, Part.PBX, Part.FASTAGI)


@dataclass
class Hit:
    """A fault that was let loose; times are aware."""

    fault: Fault
    at: datetime
    over_at: datetime | None = None
    """When everything was whole again after it."""


class Storm:
    """One run's faults, and the service manager that mends what they broke."""

    def __init__(self, plan: Plan) -> None:
        """Nothing happens before `rage`."""
        self.hits: list[Hit] = []
        self.not_reached: tuple[Fault, ...] = ()
        self._waiting = list(plan.faults)
        self._restarted = [*_SERVICES, *plan.originators]
        self._seen: dict[int, int] = {}
        self._lock = threading.Lock()
        self._parts: Parts | None = None
        self._back: dict[Part, float] = {}
        self._lift: list[tuple[float, Hit]] = []
        self._clean_start = False

    def hold(self, point: Point) -> bool:
        """A proxy holds the bytes of a point: hit now what waits for it; whether they may pass."""
        with self._lock:
            for fault in self._waiting:
                if fault.point is not point:
                    continue
                self._seen[id(fault)] = self._seen.get(id(fault), 0) + 1
                if self._seen[id(fault)] >= fault.nth:
                    self._hit(fault)
                    return fault.passes
        return True

    def rage(self, parts: Parts) -> None:
        """Start the originator and let the faults loose."""
        self._parts = parts
        began = time.monotonic()
        for originator in self._restarted[len(_SERVICES) :]:
            self._start(originator)
        while (elapsed := time.monotonic() - began) < STORM_SECONDS and self._unfinished(parts):
            with self._lock:
                for fault in [f for f in self._waiting if f.at is not None and f.at <= elapsed]:
                    self._hit(fault)
            self._mend(parts)
            time.sleep(_TICK_SECONDS)

    def heal(self, parts: Parts) -> bool:
        """Mend all, run the originator until nothing is due and nothing open; False: it did not."""
        with self._lock:
            self.not_reached = tuple(self._waiting)
            self._waiting.clear()
        parts.heal_links()
        parts.resume()
        for hit in self.hits:
            hit.over_at = hit.over_at or datetime.now(UTC)
        deadline = time.monotonic() + HEAL_SECONDS
        self._back = dict.fromkeys(self._back, 0.0)
        self._restarted = [*_SERVICES, Part.ORIGINATOR]
        while time.monotonic() < deadline:
            self._mend(parts)
            done = parts.done(Part.ORIGINATOR) and not parts.runs(Part.SECOND_ORIGINATOR)
            if done and self._clean_start and parts.open_attempts() == 0:
                return True
            time.sleep(_TICK_SECONDS)
        return False

    def _unfinished(self, parts: Parts) -> bool:
        """Whether a fault can still hit something: the first runs still have calls to make."""
        return bool(self._waiting or self._lift) and not parts.done(Part.ORIGINATOR)

    def _hit(self, fault: Fault) -> None:
        assert self._parts is not None  # noqa: S101 (rage sets it)
        self._waiting.remove(fault)
        hit = Hit(fault, datetime.now(UTC))
        self._parts.hit(fault)
        self.hits.append(hit)
        if fault.action in (Action.SUSPEND, Action.DELAY, Action.HALF_OPEN):
            self._lift.append((time.monotonic() + fault.seconds, hit))

    def _mend(self, parts: Parts) -> None:
        now = time.monotonic()
        for due, hit in [each for each in self._lift if each[0] <= now]:
            self._lift.remove((due, hit))
            if hit.fault.action is Action.SUSPEND:
                parts.resume()
            else:
                parts.heal_links()
            hit.over_at = datetime.now(UTC)
        for part in self._restarted:
            if parts.runs(part):
                self._back.pop(part, None)
                continue
            if part not in self._back:
                self._back[part] = now + self._pause(part)
            if self._back[part] <= now and self._start(part):
                self._back.pop(part, None)

    def _pause(self, part: Part) -> float:
        killed = [h.fault for h in self.hits if h.fault.part is part and h.over_at is None]
        return killed[-1].seconds if killed else _AGAIN_SECONDS

    def _start(self, part: Part) -> bool:
        parts = self._parts
        assert parts is not None  # noqa: S101 (rage sets it)
        if part in ORIGINATORS and not parts.age_runs():
            return False
        if part is Part.ORIGINATOR:
            open_attempts = parts.open_attempts()
            if open_attempts is None:
                return False
            # A run that finds open attempts may leave their customers to the next one.
            self._clean_start = open_attempts == 0
        parts.start(part)
        for hit in self.hits:
            if hit.fault.part is part and hit.fault.action is Action.KILL:
                hit.over_at = hit.over_at or datetime.now(UTC)
        return True
