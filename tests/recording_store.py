"""A CallStore that remembers, for tests of the wire and the server (the SQL has its own tests)."""

import threading
from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from campaign.errors import OverdueError
from campaign.event import Event
from campaign.file import Campaign
from campaign.heard import Heard
from campaign.inbound import Recognised
from campaign.journal import CallEnd, Course
from campaign.met import Met, Values

BOGOTA = ZoneInfo("America/Bogota")


class RecordingStore:
    """Keeps every write; can be down, slow, broken or ignorant of an attempt."""

    def __init__(self) -> None:
        self.paid: set[str] = set()
        self.answered: dict[str, datetime] = {}
        self.terms = Campaign(name="pruebas").flow_terms
        self.values: Values | None = None
        self.met: dict[str, Met | None] = {}
        """What each answered leg was told in time."""
        self.heard: dict[str, Heard] = {}
        """What legs left behind, those among them with whose end it came."""
        self.ended: dict[str, CallEnd] = {}
        self.opted_out: dict[str, datetime] = {}
        self.wrong: dict[str, datetime] = {}
        self.promised: dict[str, date] = {}
        self.called: dict[str, str] = {}
        """Numbers that were called lately, with the attempt."""
        self.rang: dict[str, Heard | None] = {}
        """Calls back that were recognised, by the attempt."""
        self.rang_off: dict[str, CallEnd] = {}
        """Their ends."""
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

    def meet(self, attempt_id: str, at: datetime, agree: Callable[[Met], Met | None]) -> bool:
        self._reach()
        if attempt_id in self.unknown:
            return False
        course = Course.PAID if attempt_id in self.paid else Course.ANNOUNCEMENT
        self.met[attempt_id] = agree(Met(course, self.terms, BOGOTA, self.values))
        self.answered[attempt_id] = at
        return True

    def record_heard(self, attempt_id: str, heard: Heard) -> bool:
        self._reach()
        self.heard[attempt_id] = heard
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

    def recognise(self, number: str, at: datetime) -> Recognised | None:  # noqa: ARG002
        self._reach()
        if number not in self.called:
            return None
        attempt_id = self.called[number]
        self.rang[attempt_id] = None
        course = Course.PAID if attempt_id in self.paid else Course.ANNOUNCEMENT
        return Recognised(attempt_id, attempt_id, Met(course, self.terms, BOGOTA, self.values))

    def record(self, call_id: str, heard: Heard) -> bool:
        self._reach()
        self.rang[call_id] = heard
        return True

    def record_back(self, call_id: str, end: CallEnd) -> bool:
        self._reach()
        if call_id not in self.rang:
            return False
        self.rang_off[call_id] = end
        return True

    def record_end(self, attempt_id: str, end: CallEnd, events: Sequence[Event] = ()) -> str:
        self._reach()
        if attempt_id in self.unknown:
            return "unknown_attempt"
        known = attempt_id in self.ended
        self.ended[attempt_id] = end
        if events and end.leg:
            self.heard[attempt_id] = Heard(end.course, end.leg, tuple(events))
        return "already_final" if known else "recorded"

    def _reach(self) -> None:
        self.free.wait(20)
        if self.down:
            raise OverdueError("the database cannot be reached")
        if self.fault:
            raise self.fault
