from datetime import UTC, datetime

import pytest

from lab.behaviours import ENDINGS, behaviour_of, expected_outcome
from lab.calls import COLUMNS, read_calls

HEADER = ",".join(COLUMNS)


def test_answered_call() -> None:
    times = "1795354382.064,1795354383.064,1795354390.368"
    line = f'573001234507,"601, ""1""",{times},caller,200,a.wav,5062'
    (call,) = read_calls([HEADER, line])
    assert call.number == "573001234507"
    assert call.caller_id == '601, "1"'
    assert call.invite_at == datetime(2026, 11, 22, 13, 33, 2, 64000, tzinfo=UTC)
    assert call.answered_seconds == pytest.approx(7.304)
    assert (call.ended_by, call.sip_code) == ("caller", 200)
    assert (call.recording, call.port) == ("a.wav", 5062)


def test_cancelled_call_was_not_answered() -> None:
    line = '573001230661,"anonymous",1795354382.148,,1795354398.423,caller,487,,5060'
    (call,) = read_calls([HEADER, line])
    assert call.answer_at is None
    assert call.answered_seconds is None
    assert call.recording == ""


def test_record_without_calls() -> None:
    assert read_calls([HEADER]) == []


def test_every_ending_of_the_issue_has_a_behaviour() -> None:
    answered = [*range(50), 50, 51, *range(84, 89), 90, 91, 92, 93, 94, 95, 97, 98, 99]
    unanswered = [60, 61, 62, 63, 70, 71, 72, 80, 81, 82, 96]
    assert list(ENDINGS) == [f"{n:02}" for n in sorted(answered + unanswered)]
    assert [int(e) for e in ENDINGS if behaviour_of(e).answers] == answered


def test_other_endings_do_not_exist() -> None:
    assert behaviour_of("573001234552").sip_code == 404
    assert expected_outcome("573001234552", "carrier", None, 8) == "does_not_exist"
