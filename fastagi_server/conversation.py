"""One answered call: what it played, which keys came, and which way it went."""

from dataclasses import dataclass
from datetime import date

from campaign.channel_variables import COURSE
from campaign.event import Event, EventKind
from campaign.heard import Heard
from campaign.journal import Course, Leg, promised_on
from campaign.met import Met
from fastagi_server.machine import Verdict
from fastagi_server.message import SAMPLES_PER_SECOND, message_of
from fastagi_server.service import Service
from fastagi_server.session import Session

KEYS = "0123456789*#"
MAX_KEYS = 16
"""Further ones are not noted: what the journal says before the tech cause must stay below 255
characters, where the DBGet of older Asterisks cuts an entry (main/db.c)."""
MAX_EVENTS = 200


class HungUp(Exception):  # noqa: N818 (no error: it is how most calls end)
    """The call is over."""


class Conversation:
    """What a flow works with; every method that speaks or listens may raise HungUp."""

    def __init__(
        self,
        session: Session,
        service: Service,
        attempt_id: str,
        met: Met,
        verdict: Verdict | None = None,
    ) -> None:
        """``met``: what the database said at the answer; ``verdict``: None: nobody listened."""
        self.session = session
        self.service = service
        self.attempt_id = attempt_id
        self.terms = met.terms
        self.values = met.values
        self.time_zone = met.time_zone
        self.message = message_of(met)
        self._course = Course.UNCONFIRMED if met.terms.flow == "confirm" else Course.ANNOUNCEMENT
        self._events: list[Event] = []
        self._keys: list[str] = []
        self._seconds = verdict.seconds if verdict else 0.0
        self.verdict = verdict
        if verdict and verdict.is_for_a_machine:
            self._course = Course.MACHINE  # which the channel knows already
        elif met.course is Course.PAID:
            # Before a sound: were this server to die now, the fallback must not speak of a debt.
            self.course = Course.PAID

    @property
    def course(self) -> Course:
        """Which way the call went so far; setting it tells the channel at once."""
        return self._course

    @course.setter
    def course(self, course: Course) -> None:
        self._course = course
        self.session.set_variable(COURSE, course)

    def promised(self, day: date) -> None:
        """He will pay on that day: the course, of which the channel keeps the day too."""
        self._course = Course.PROMISED
        self.session.set_variable(COURSE, promised_on(day))

    @property
    def today(self) -> date:
        """The campaign's day."""
        return self.service.clock.now().astimezone(self.time_zone).date()

    def fixed(self, prompt: str) -> str:
        """The sound of a prompt that no campaign names, as ``dnc_confirm``."""
        return f"{self.terms.language}/{prompt}"

    def note(self, kind: EventKind, detail: str = "") -> None:
        """Keep what happened, with the second of the call."""
        if len(self._events) < MAX_EVENTS:
            self._events.append(Event(kind, detail[:255], self._seconds))

    def play(self, sound: str, keys: str = "") -> str:
        """Play a sound to its end or to one of ``keys``, which is returned; empty: its end.

        Another key is noted, and the sound goes on where it was. Raises PromptError.
        """
        played = self._play(sound, keys, 0)
        if played.hung_up:
            raise HungUp
        return played.pressed

    def play_message(self, keys: str = "") -> str:
        """Play what is left of the message, to its end or to one of ``keys``."""
        while (part := self.message.next_part) is not None:
            played = self._play(part, keys, self.message.position)
            is_over = not played.pressed and not played.hung_up
            self.message.went_to(played.position, part_is_over=is_over)
            if played.hung_up:
                raise HungUp
            if played.pressed:
                return played.pressed
        return ""

    def listen(self, seconds: float, keys: str) -> str:
        """Wait for one of ``keys`` in silence; empty: none came."""
        left = seconds
        while left > 0:
            began = self.service.seconds()
            pressed = self.session.wait_for_key(left)
            passed = min(self.service.seconds() - began, left) if pressed else left
            left -= passed
            self._seconds += passed
            if pressed is None:
                raise HungUp
            if pressed:
                self._note_key(pressed)
                if pressed in keys:
                    return pressed
        return ""

    def heard(self) -> Heard:
        """What there is to be kept."""
        leg = Leg(self.message.heard_seconds, self.message.is_over, " ".join(self._keys), "agi")
        return Heard(self._course, leg, tuple(self._events))

    def _play(self, sound: str, keys: str, position: int) -> "_Played":
        first = position
        while True:
            began = self.service.seconds()
            part = self.session.stream_file(sound, self._listened(keys), position)
            seconds = (part.endpos - position) / SAMPLES_PER_SECOND
            if part.hung_up:
                # Who hangs up while the file is being opened leaves its whole length there.
                seconds = max(0.0, min(seconds, self.service.seconds() - began))
            position += round(seconds * SAMPLES_PER_SECOND)
            self._seconds += seconds
            if part.digit:
                self._note_key(part.digit)
            if part.hung_up or not part.digit or part.digit in keys:
                break
        heard = (position - first) / SAMPLES_PER_SECOND
        self.note(EventKind.PART, f"{sound}={heard:.2f}")
        pressed = "" if part.hung_up else part.digit
        return _Played(pressed, position, part.hung_up)

    def _listened(self, keys: str) -> str:
        return KEYS if len(self._keys) < MAX_KEYS else keys

    def _note_key(self, pressed: str) -> None:
        self.note(EventKind.KEY, pressed)
        if len(self._keys) < MAX_KEYS:
            self._keys.append(f"{pressed}@{self._seconds:.2f}")


@dataclass(frozen=True)
class _Played:
    pressed: str
    position: int
    """In samples of the sound."""
    hung_up: bool
