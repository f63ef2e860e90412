"""A CallStore that remembers, for tests of the wire and the server (the SQL has its own tests)."""

import threading
from collections.abc import Callable
from datetime import date, datetime

from campaign.errors import OverdueError
from campaign.journal import CallEnd, Course, Leg


class RecordingStore:
    """Keeps every write; can be down, slow, broken or ignorant of an attempt."""

    def __init__(self) -> None:
        self.paid: set[str] = set()
        self.answered: dict[str, datetime] = {}
        self.courses: dict[str, Course] = {}
        self.heard: dict[str, Leg] = {}
        self.ended: dict[str, CallEnd] = {}
        self.opted_out: dict[str, datetime] = {}
        self.wrong: dict[str, datetime] = {}
        self.promised: dict[str, date] = {}
        self.unknown: set[str] = set()
        self.down = False
        self.fault: Exception | None = None
        self.free = threading.Event()
        """While it is not set, every write hangs, as on a locked row."""
        self.free.set()

    def ping(self) -> None:
        self._reach()

    def finality(self, attempt_id: str) -> str:
        self._reach()
        if attempt_id in self.unknown:
            return "unknown_attempt"
        return "final" if attempt_id in self.ended else "open"

    def meet(self, attempt_id: str, at: datetime, agree: Callable[[Course], Course]) -> bool:
        self._reach()
        asked = Course.PAID if attempt_id in self.paid else Course.ANNOUNCEMENT
        self.courses[attempt_id] = agree(asked)
        self.answered[attempt_id] = at
        return True

    def record_heard(self, attempt_id: str, leg: Leg) -> bool:
        self._reach()
        self.heard[attempt_id] = leg
        return True

    def do_not_call(self, attempt_id: str, at: datetime) -> bool:
        self._reach()
        self.opted_out[attempt_id] = at
        return True

    def wrong_number(self, attempt_id: str, at: datetime) -> bool:
        self._reach()
        self.wrong[attempt_id] = at
        return True

    def promise(self, attempt_id: str, day: date, at: datetime) -> bool:  # noqa: ARG002
        self._reach()
        self.promised[attempt_id] = day
        return attempt_id not in self.paid

    def record_end(self, attempt_id: str, end: CallEnd) -> str:
        self._reach()
        if attempt_id in self.unknown:
            return "unknown_attempt"
        known = attempt_id in self.ended
        self.ended[attempt_id] = end
        return "already_final" if known else "recorded"

    def _reach(self) -> None:
        self.free.wait(20)
        if self.down:
            raise OverdueError("the database cannot be reached")
        if self.fault:
            raise self.fault
