"""The text of a PBX journal entry: what AstDB keeps of a call until MySQL has it.

``DB(overdue/<attempt>)`` is ``placed`` while the call is up, ``recorded`` from the moment when the
database has its end before it is hung up, and after a call whose end it has not
``ended|<Q.850>|<end, epoch ms>|<answer, epoch ms>|<course>|<leg>|<talk>|<token>|<tech>``, where
answer, course, leg and talk may be empty, written by ``[overdue-hangup]``. The same text is the
first argument of ``agi://…/ended``. The course of a promise is ``promised;<day>``, as 2026-12-15.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum

from campaign.token import TOKEN, is_genuine

PLACED = "placed"
"""The entry that the Originate itself writes."""
RECORDED = "recorded"
"""The server's word to the hangup handler: the database has the end, nothing is left to report."""

ATTEMPT_ID = re.compile(r"[0-9A-HJKMNP-TV-Z]{26}")
"""A ULID in Crockford's base 32: fixed length, so that no ChannelId is a prefix of another."""

_KEYS = re.compile(r"([0-9*#]@[0-9]{1,4}\.[0-9]{2}( [0-9*#]@[0-9]{1,4}\.[0-9]{2})*)?")


class JournalError(ValueError):
    """A journal entry that this program did not write."""


class ForgedError(JournalError):
    """An entry without the attempt's token: somebody else's words."""

    def __init__(self) -> None:
        super().__init__("it does not carry the token of its attempt")


class Course(StrEnum):
    """Which way an answered call went; told to the channel the moment it is decided."""

    ANNOUNCEMENT = ""
    PAID = "paid"
    """He no longer owed when he answered: no word of a debt."""
    REFUSED = "refused"
    """The PBX calls no such number: let go at once, nothing was played."""
    UNCONFIRMED = "unconfirmed"
    """He did not say that he is the holder: no word of a debt."""
    MACHINE = "machine"
    """A machine answered."""
    WRONG_PERSON = "wrong_person"
    """He said that he is not the customer."""
    DO_NOT_CALL = "do_not_call"
    """He wants no more calls, and confirmed it."""
    PROMISED = "promised"
    """He promised a day of payment."""
    TRANSFERRED = "transferred"
    """He was connected to a person."""


@dataclass(frozen=True)
class Leg:
    """What happened on the answered leg; the text is ``heard;finished;keys;by``."""

    heard_seconds: float
    finished: bool
    keys: str
    """Keys pressed with the second of the prompt at which they came, as ``1@3.02 9@5.10``."""
    by: str
    """Who played the prompt: ``agi`` (the server) or ``dialplan`` (the fallback)."""

    def __str__(self) -> str:
        """The text form, which ``parse`` reads back."""
        return f"{self.heard_seconds:.2f};{int(self.finished)};{self.keys};{self.by}"

    @classmethod
    def parse(cls, text: str) -> "Leg":
        """Read the text form; raises JournalError."""
        match text.split(";"):
            case [heard, ("0" | "1") as finished, keys, ("agi" | "dialplan") as by] if re.fullmatch(
                r"[0-9]{1,4}(\.[0-9]{1,6})?", heard
            ) and _KEYS.fullmatch(keys):
                return cls(float(heard), finished == "1", keys, by)
        raise JournalError(f"not a leg: {_shown(text)}")


@dataclass(frozen=True)
class Talk:
    """What came of a transfer; the text is ``since;ended_by``, epoch in milliseconds.

    Without a talk ``since`` is empty and ``ended_by`` why: DIALSTATUS or QUEUESTATUS of Asterisk.
    """

    since: datetime | None
    """When a person took the call; None: nobody did."""
    ended_by: str
    """``customer``, ``agent`` or ``limit``; or why there was no talk."""

    @classmethod
    def parse(cls, text: str) -> "Talk":
        """Read the text form; raises JournalError."""
        if found := re.fullmatch(r"([0-9]{13});(agent|limit)?", text):
            return cls(_from_ms(found[1]), found[2] or "customer")
        if found := re.fullmatch(r";([A-Z]{1,20})", text):
            return cls(None, found[1].lower())
        raise JournalError(f"not a talk: {_shown(text)}")


@dataclass(frozen=True)
class CallEnd:
    """The end of one call as the PBX saw it."""

    q850: int
    """``HANGUPCAUSE``, ITU-T Q.850; 0 where Asterisk knew none."""
    tech: str
    """``HANGUPCAUSE(<channel>,tech)``, e.g. ``SIP 486 Busy Here``; empty: nothing came back."""
    ended_at: datetime
    answered_at: datetime | None
    """When the answered leg began; None: nobody answered."""
    leg: Leg | None
    course: Course = Course.ANNOUNCEMENT
    talk: Talk | None = None
    """None: nobody was called to talk to him."""
    promised: date | None = None
    """The day on which he said that he will pay."""

    @property
    def talk_seconds(self) -> float | None:
        """How long he talked to somebody; None: he did not."""
        if self.talk is None or self.talk.since is None:
            return None
        return max(0.0, (self.ended_at - self.talk.since).total_seconds())

    @property
    def answered(self) -> bool:
        """Whether the call was answered: any word of the answered leg tells so."""
        return self.answered_at is not None or self.leg is not None or bool(self.course)

    @property
    def heard_seconds(self) -> float:
        """Seconds of the message that were played; without a leg, those between answer and end
        where nothing else was played."""
        if self.leg is not None:
            return self.leg.heard_seconds
        if self.answered_at is None or self.course not in (Course.ANNOUNCEMENT, Course.PAID):
            return 0.0
        return max(0.0, (self.ended_at - self.answered_at).total_seconds())


def promised_on(day: date) -> str:
    """The course of somebody who promised that day, as the channel and the journal keep it."""
    return f"{Course.PROMISED};{day}"


def parse_end(text: str, attempt_id: str, secret: str) -> CallEnd:
    """Read an ``ended|…`` entry; raises ForgedError, or JournalError with the reason.

    ``secret``: what the tokens are made with; no end is read without the attempt's token.
    """
    match text.split("|", 8):
        case ["ended", q850, ended, started, course, leg, talk, token, tech] if (
            re.fullmatch(r"[0-9]{1,3}", q850)
            and re.fullmatch(r"[0-9]{13}", ended)
            and re.fullmatch(r"([0-9]{13})?", started)
        ):
            if not is_genuine(secret, attempt_id, token):
                raise ForgedError
            way, promised = _course(course)
            return CallEnd(
                q850=int(q850),
                tech=tech,
                ended_at=_from_ms(ended),
                answered_at=_from_ms(started) if started else None,
                leg=Leg.parse(leg) if leg else None,
                course=way,
                talk=Talk.parse(talk) if talk else None,
                promised=promised,
            )
    raise JournalError(f"not the end of a call: {_shown(text)}")


def _course(text: str) -> tuple[Course, date | None]:
    way, _, day = text.partition(";")
    try:
        if not day and way == text:
            return Course(text), None
        if way == Course.PROMISED and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day):
            return Course.PROMISED, date.fromisoformat(day)
    except ValueError:
        pass
    raise JournalError(f"not a course: {_shown(text)}")


def _shown(text: str) -> str:
    """The beginning of a text for a message, without the token: messages go to logs."""
    return repr(TOKEN.sub("…", text[:500])[:80])


def _from_ms(text: str) -> datetime:
    return datetime.fromtimestamp(int(text) / 1000, UTC)
