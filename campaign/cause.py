"""The one table from SIP answer and Q.850 cause to outcome.

RFC 3261 §21 for the SIP codes, ITU-T Q.850 for the causes; what Asterisk makes of them was seen
live on 22.10 (docs/decisions/causes.md).
"""

import re

from campaign.journal import CallEnd, Course
from campaign.outcome import Outcome

_SIP = {
    401: Outcome.TRUNK_REFUSED,
    403: Outcome.TRUNK_REFUSED,
    404: Outcome.DOES_NOT_EXIST,
    407: Outcome.TRUNK_REFUSED,
    408: Outcome.TRUNK_SILENT,
    410: Outcome.CHANGED,
    480: Outcome.NO_ANSWER,
    483: Outcome.NO_ANSWER,
    484: Outcome.BAD_FORMAT,
    485: Outcome.DOES_NOT_EXIST,
    486: Outcome.BUSY,
    488: Outcome.CODEC_MISMATCH,
    503: Outcome.CONGESTION,
    600: Outcome.BUSY,
    603: Outcome.DECLINED,
    604: Outcome.DOES_NOT_EXIST,
    606: Outcome.CODEC_MISMATCH,
}

_Q850 = {
    1: Outcome.DOES_NOT_EXIST,
    3: Outcome.TRUNK_DOWN,
    17: Outcome.BUSY,
    20: Outcome.TRUNK_DOWN,
    21: Outcome.DECLINED,
    22: Outcome.CHANGED,
    27: Outcome.TRUNK_DOWN,
    28: Outcome.BAD_FORMAT,
    34: Outcome.CONGESTION,
    38: Outcome.NETWORK_FAILURE,
    58: Outcome.CODEC_MISMATCH,
    102: Outcome.NETWORK_FAILURE,
}

_COURSE = {
    Course.PAID: Outcome.PAID_MEANWHILE,
    Course.REFUSED: Outcome.DESTINATION_REFUSED,
    Course.UNCONFIRMED: Outcome.NOT_CONFIRMED,
    Course.MACHINE: Outcome.MACHINE,
    Course.WRONG_PERSON: Outcome.WRONG_PERSON,
    Course.DO_NOT_CALL: Outcome.OPTED_OUT,
    Course.PROMISED: Outcome.PROMISED,
    Course.TRANSFERRED: Outcome.TRANSFERRED,
}

_BESIDE_THE_MESSAGE = {Outcome.OPTED_OUT, Outcome.TRANSFERRED}
"""What the customer himself did; he may have heard the message as well. Not a promise: who breaks
it is called again in the same cycle (docs/decisions/promises.md)."""

_RING_TIMEOUT_CAUSES = (18, 19)


def sip_code(tech: str) -> int | None:
    """The SIP status code in ``SIP 486 Busy Here``; None where there is none."""
    found = re.match(r"SIP (\d{3})\b", tech)
    return int(found[1]) if found else None


def outcome_of_answered(
    course: Course, heard_seconds: float, delivered_after_seconds: float, *, finished: bool
) -> Outcome:
    """What came of an answered call; ``finished``: the message was played to its end."""
    if course in _COURSE:
        return _COURSE[course]
    if finished or heard_seconds >= delivered_after_seconds:
        return Outcome.DELIVERED
    return Outcome.HUNG_UP_EARLY


def was_delivered(
    outcome: Outcome, heard_seconds: float, delivered_after_seconds: float, *, finished: bool
) -> bool:
    """Whether the customer has the message, whatever else came of the call."""
    heard = finished or heard_seconds >= delivered_after_seconds
    return outcome is Outcome.DELIVERED or (outcome in _BESIDE_THE_MESSAGE and heard)


def outcome_of(end: CallEnd, delivered_after_seconds: float) -> Outcome:
    """What came of a call.

    An answered call is judged by what was heard, never by its cause (HANGUPCAUSE can be 0 there).
    ``delivered_after_seconds``: the message counts as delivered from so many seconds, or when it
    was played to its end.
    """
    if end.answered:
        finished = end.leg is not None and end.leg.finished
        return outcome_of_answered(
            end.course, end.heard_seconds, delivered_after_seconds, finished=finished
        )
    code = sip_code(end.tech)
    if code is not None and code >= 300:
        if code in _SIP:
            return _SIP[code]
        return Outcome.NETWORK_FAILURE if 500 <= code < 600 else Outcome.UNKNOWN
    if end.q850 in _RING_TIMEOUT_CAUSES:
        # Asterisk leaves the last provisional answer: only a 18x says that a telephone rang.
        return Outcome.NO_ANSWER if code in (180, 181, 182, 183) else Outcome.TRUNK_SILENT
    return _Q850.get(end.q850, Outcome.UNKNOWN)
