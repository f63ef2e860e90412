from datetime import UTC, datetime, timedelta

import pytest

from campaign.cause import outcome_of, sip_code, was_delivered
from campaign.journal import CallEnd, Course, Leg
from campaign.outcome import Outcome

ENDED = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def unanswered(tech: str, q850: int) -> Outcome:
    return outcome_of(CallEnd(q850, tech, ENDED, None, None), delivered_after_seconds=8)


@pytest.mark.parametrize(
    ("tech", "q850", "outcome"),
    [
        ("SIP 486 Busy Here", 17, Outcome.BUSY),
        ("SIP 600 Busy Everywhere", 17, Outcome.BUSY),
        ("SIP 480 Temporarily Unavailable", 19, Outcome.NO_ANSWER),
        ("SIP 483 Too Many Hops", 19, Outcome.NO_ANSWER),
        ("SIP 180 Ringing", 19, Outcome.NO_ANSWER),
        ("SIP 183 Session Progress", 19, Outcome.NO_ANSWER),
        ("SIP 100 Trying", 19, Outcome.TRUNK_SILENT),
        ("", 19, Outcome.TRUNK_SILENT),
        ("", 18, Outcome.TRUNK_SILENT),
        ("SIP 408 Request Timeout", 18, Outcome.TRUNK_SILENT),
        ("SIP 603 Decline", 21, Outcome.DECLINED),
        ("SIP 403 Forbidden", 21, Outcome.TRUNK_REFUSED),
        ("SIP 401 Unauthorized", 21, Outcome.TRUNK_REFUSED),
        ("SIP 407 Proxy Authentication Required", 21, Outcome.TRUNK_REFUSED),
        ("SIP 404 Not Found", 1, Outcome.DOES_NOT_EXIST),
        ("SIP 485 Ambiguous", 1, Outcome.DOES_NOT_EXIST),
        ("SIP 604 Does Not Exist Anywhere", 1, Outcome.DOES_NOT_EXIST),
        ("SIP 410 Gone", 22, Outcome.CHANGED),
        ("SIP 484 Address Incomplete", 28, Outcome.BAD_FORMAT),
        ("SIP 503 Service Unavailable", 34, Outcome.CONGESTION),
        ("SIP 500 Server Internal Error", 38, Outcome.NETWORK_FAILURE),
        ("SIP 502 Bad Gateway", 27, Outcome.NETWORK_FAILURE),
        ("SIP 504 Server Time-out", 102, Outcome.NETWORK_FAILURE),
        ("SIP 599 Vendor", 0, Outcome.NETWORK_FAILURE),
        ("SIP 488 Not Acceptable Here", 58, Outcome.CODEC_MISMATCH),
        ("SIP 606 Not Acceptable", 58, Outcome.CODEC_MISMATCH),
        ("", 3, Outcome.TRUNK_DOWN),
        ("", 20, Outcome.TRUNK_DOWN),
        ("", 17, Outcome.BUSY),
        ("", 34, Outcome.CONGESTION),
        ("", 0, Outcome.UNKNOWN),
        ("", 127, Outcome.UNKNOWN),
        ("SIP 499 Vendor", 17, Outcome.UNKNOWN),
        ("SIP 302 Moved", 0, Outcome.UNKNOWN),
        ("sip 486", 0, Outcome.UNKNOWN),
    ],
)
def test_unanswered_call_is_judged_by_sip_code_then_cause(
    tech: str, q850: int, outcome: Outcome
) -> None:
    assert unanswered(tech, q850) is outcome


@pytest.mark.parametrize(
    ("heard", "finished", "outcome"),
    [
        (7.99, False, Outcome.HUNG_UP_EARLY),
        (8.0, False, Outcome.DELIVERED),
        (30.0, False, Outcome.DELIVERED),
        (3.0, True, Outcome.DELIVERED),
        (0.0, False, Outcome.HUNG_UP_EARLY),
    ],
)
@pytest.mark.parametrize("q850", [0, 16, 17, 34])
def test_answered_call_is_judged_by_what_was_heard_whatever_its_cause(
    heard: float, finished: bool, outcome: Outcome, q850: int
) -> None:
    leg = Leg(heard, finished, "", "agi")
    for answered_at in (ENDED - timedelta(seconds=40), None):
        end = CallEnd(q850, "SIP 486 Busy Here", ENDED, answered_at, leg)
        assert outcome_of(end, delivered_after_seconds=8) is outcome


@pytest.mark.parametrize(
    ("seconds", "outcome"), [(8.0, Outcome.DELIVERED), (7.9, Outcome.HUNG_UP_EARLY)]
)
def test_answered_call_without_a_leg_is_judged_by_its_length(
    seconds: float, outcome: Outcome
) -> None:
    end = CallEnd(0, "", ENDED, ENDED - timedelta(seconds=seconds), None)
    assert outcome_of(end, delivered_after_seconds=8) is outcome


@pytest.mark.parametrize(
    ("tech", "code"),
    [
        ("SIP 486 Busy Here", 486),
        ("SIP 200", 200),
        ("", None),
        ("SIP 4860", None),
        ("x SIP 486", None),
    ],
)
def test_sip_code_is_read_from_the_start_of_the_text(tech: str, code: int | None) -> None:
    assert sip_code(tech) == code


@pytest.mark.parametrize("leg", [None, Leg(0.0, True, "", "agi"), Leg(60.0, True, "", "dialplan")])
@pytest.mark.parametrize(
    ("course", "outcome"),
    [
        (Course.PAID, Outcome.PAID_MEANWHILE),
        (Course.REFUSED, Outcome.DESTINATION_REFUSED),
        (Course.UNCONFIRMED, Outcome.NOT_CONFIRMED),
        (Course.MACHINE, Outcome.MACHINE),
        (Course.WRONG_PERSON, Outcome.WRONG_PERSON),
        (Course.DO_NOT_CALL, Outcome.OPTED_OUT),
        (Course.PROMISED, Outcome.PROMISED),
        (Course.TRANSFERRED, Outcome.TRANSFERRED),
    ],
)
@pytest.mark.parametrize("answered_at", [None, ENDED - timedelta(seconds=60)])
def test_another_course_than_the_announcement_is_the_outcome(
    leg: Leg | None, course: Course, outcome: Outcome, answered_at: datetime | None
) -> None:
    end = CallEnd(17, "SIP 200 OK", ENDED, answered_at, leg, course)
    assert outcome_of(end, delivered_after_seconds=8) is outcome


@pytest.mark.parametrize("course", Course)
def test_every_course_has_an_outcome_of_its_own(course: Course) -> None:
    leg = Leg(9.0, False, "", "agi")
    found = {each: outcome_of(CallEnd(16, "", ENDED, ENDED, leg, each), 8) for each in Course}
    assert list(found.values()).count(found[course]) == 1


@pytest.mark.parametrize(
    ("outcome", "heard", "finished", "delivered"),
    [
        (Outcome.DELIVERED, 0.0, False, True),
        (Outcome.PROMISED, 60.0, True, False),
        (Outcome.TRANSFERRED, 7.9, False, False),
        (Outcome.TRANSFERRED, 3.0, True, True),
        (Outcome.OPTED_OUT, 8.0, False, True),
        (Outcome.WRONG_PERSON, 60.0, True, False),
        (Outcome.NOT_CONFIRMED, 60.0, True, False),
        (Outcome.MACHINE, 60.0, True, False),
        (Outcome.PAID_MEANWHILE, 60.0, True, False),
        (Outcome.NO_ANSWER, 60.0, True, False),
    ],
)
def test_delivered_is_what_the_customer_himself_heard(
    outcome: Outcome, heard: float, finished: bool, delivered: bool
) -> None:
    assert was_delivered(outcome, heard, 8, finished=finished) is delivered
