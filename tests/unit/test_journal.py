from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from ulid import ULID

from campaign import journal
from campaign.journal import ATTEMPT_ID, CallEnd, Course, ForgedError, JournalError, Leg, Talk
from campaign.token import token

ENDED = datetime(2026, 11, 23, 15, 0, 0, 250_000, UTC)
STARTED = datetime(2026, 11, 23, 14, 59, 48, tzinfo=UTC)
ENDED_MS = "1795446000250"
STARTED_MS = "1795445988000"
SECRET = "secreto-de-prueba"
CALL = "01J00000000000000000000001"
TOKEN = token(SECRET, CALL)


def parse_end(text: str) -> CallEnd:
    return journal.parse_end(text, CALL, SECRET)


def test_end_of_an_answered_call_holds_leg_and_times() -> None:
    end = parse_end(
        f"ended|16|{ENDED_MS}|{STARTED_MS}||9.50;1;1@3.02 #@5.10;agi||{TOKEN}|SIP 200 OK"
    )
    leg = Leg(heard_seconds=9.5, finished=True, keys="1@3.02 #@5.10", by="agi")
    assert end == CallEnd(16, "SIP 200 OK", ENDED, STARTED, leg)
    assert end.heard_seconds == 9.5


def test_end_of_an_unanswered_call_holds_neither() -> None:
    end = parse_end(f"ended|17|{ENDED_MS}|||||{TOKEN}|SIP 486 Busy Here")
    assert end == CallEnd(17, "SIP 486 Busy Here", ENDED, None, None)
    assert end.heard_seconds == 0


def test_without_a_leg_the_seconds_are_those_between_answer_and_end() -> None:
    end = parse_end(f"ended|0|{ENDED_MS}|{STARTED_MS}||||{TOKEN}|")
    assert end.heard_seconds == 12.25
    backwards = CallEnd(0, "", STARTED, ENDED, None)
    assert backwards.heard_seconds == 0


@pytest.mark.parametrize(
    ("text", "course"),
    [("", Course.ANNOUNCEMENT), ("paid", Course.PAID), ("refused", Course.REFUSED)],
)
def test_the_course_of_the_leg_is_told(text: str, course: Course) -> None:
    end = parse_end(f"ended|16|{ENDED_MS}|{STARTED_MS}|{text}|2.00;1;;agi||{TOKEN}|SIP 200 OK")
    assert end.course is course
    assert end.answered


@pytest.mark.parametrize("day", [None, date(2026, 12, 15)])
def test_a_promise_is_told_with_its_day(day: date | None) -> None:
    text = journal.promised_on(day) if day else "promised"
    end = parse_end(f"ended|16|{ENDED_MS}|{STARTED_MS}|{text}|2.00;1;;agi||{TOKEN}|SIP 200 OK")
    assert (end.course, end.promised) == (Course.PROMISED, day)


@pytest.mark.parametrize(
    ("text", "talk", "seconds"),
    [
        ("", None, None),
        (f"{STARTED_MS};", Talk(STARTED, "customer"), 12.25),
        (f"{STARTED_MS};agent", Talk(STARTED, "agent"), 12.25),
        (f"{STARTED_MS};limit", Talk(STARTED, "limit"), 12.25),
        (";NOANSWER", Talk(None, "noanswer"), None),
    ],
)
def test_what_came_of_a_transfer_is_told(
    text: str, talk: Talk | None, seconds: float | None
) -> None:
    end = parse_end(f"ended|16|{ENDED_MS}|{STARTED_MS}|||{text}|{TOKEN}|SIP 200 OK")
    assert end.talk == talk
    assert end.talk_seconds == seconds


@pytest.mark.parametrize("text", [";", "1;", f"{STARTED_MS}", f"{STARTED_MS};me", ";no answer"])
def test_another_talk_is_none(text: str) -> None:
    with pytest.raises(JournalError, match="not a talk"):
        parse_end(f"ended|16|{ENDED_MS}|{STARTED_MS}|||{text}|{TOKEN}|SIP 200 OK")


def test_any_word_of_the_answered_leg_says_that_it_was_answered() -> None:
    assert not parse_end(f"ended|17|{ENDED_MS}|||||{TOKEN}|").answered
    assert parse_end(f"ended|16|{ENDED_MS}||paid|||{TOKEN}|").answered
    assert parse_end(f"ended|16|{ENDED_MS}|||2.00;1;;agi||{TOKEN}|").answered


def test_foreign_text_of_the_carrier_stays_in_its_field() -> None:
    end = parse_end(f"ended|21|{ENDED_MS}|||||{TOKEN}|SIP 603 a|b;c|ended|16")
    assert end.tech == "SIP 603 a|b;c|ended|16"
    assert end.answered_at is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "placed",
        "ended",
        f"ended|16|{ENDED_MS}|||||{TOKEN}",
        f"Ended|16|{ENDED_MS}|||||{TOKEN}|",
        f"ended||{ENDED_MS}|||||{TOKEN}|",
        f"ended|1234|{ENDED_MS}|||||{TOKEN}|",
        f"ended|-1|{ENDED_MS}|||||{TOKEN}|",
        f"ended|16||||||{TOKEN}|",
        f"ended|16|1795446000|||||{TOKEN}|",
        f"ended|16|{ENDED_MS}|0||||{TOKEN}|",
        f"ended|16|{ENDED_MS}||Paid|||{TOKEN}|",
        f"ended|16|{ENDED_MS}||owes|||{TOKEN}|",
        f"ended|16|{ENDED_MS}||promised;|||{TOKEN}|",
        f"ended|16|{ENDED_MS}||promised;2026-02-30|||{TOKEN}|",
        f"ended|16|{ENDED_MS}||promised;20260228|||{TOKEN}|",
        f"ended|16|{ENDED_MS}||paid;2026-02-28|||{TOKEN}|",
        f"ended|16|{ENDED_MS}|x||||{TOKEN}|",
        f"ended|16|{ENDED_MS}|||9.5||{TOKEN}|",
        f"ended|16|{ENDED_MS}|||9.5;2;;agi||{TOKEN}|",
        f"ended|16|{ENDED_MS}|||9.5;1;;python||{TOKEN}|",
        f"ended|16|{ENDED_MS}|||-1;1;;agi||{TOKEN}|",
        f"ended|16|{ENDED_MS}|||nan;1;;agi||{TOKEN}|",
        f"ended|16|{ENDED_MS}|||9.5;1;A@1.00;agi||{TOKEN}|",
        f"ended|16|{ENDED_MS}|||9.5;1;1@1.00 ;agi||{TOKEN}|",
    ],
)
def test_anything_else_is_refused(text: str) -> None:
    with pytest.raises(JournalError, match=r"^not (a leg|a course|the end of a call): ") as refused:
        parse_end(text)
    assert TOKEN not in str(refused.value)


@pytest.mark.parametrize(
    "forged", ["", TOKEN[:-1], TOKEN.upper(), token(SECRET, CALL[:-1] + "2"), "ñ", "\udc80"]
)
def test_an_end_without_the_token_of_its_attempt_is_forged(forged: str) -> None:
    with pytest.raises(ForgedError, match=r"^it does not carry the token of its attempt$"):
        parse_end(f"ended|16|{ENDED_MS}|||||{forged}|SIP 200 OK")


def test_a_token_in_the_carriers_text_proves_nothing() -> None:
    with pytest.raises(ForgedError):
        parse_end(f"ended|16|{ENDED_MS}|||||SIP 200 {TOKEN}||{TOKEN}")


@given(st.text(alphabet="ended|0123456789;@. agiSIP\r\n", max_size=80))
def test_any_text_is_an_end_or_a_journal_error(text: str) -> None:
    try:
        assert parse_end(text).heard_seconds >= 0
    except JournalError:
        assert not text.startswith(f"ended|16|{ENDED_MS}|||||{TOKEN}|")


@given(
    heard=st.floats(0, 9999).map(lambda seconds: round(seconds, 2)),
    finished=st.booleans(),
    keys=st.lists(
        st.tuples(st.sampled_from("0123456789*#"), st.floats(0, 9999)).map(
            lambda key: f"{key[0]}@{key[1]:.2f}"
        ),
        max_size=5,
    ).map(" ".join),
    by=st.sampled_from(["agi", "dialplan"]),
)
def test_leg_reads_back_its_own_text(heard: float, finished: bool, keys: str, by: str) -> None:
    leg = Leg(heard, finished, keys, by)
    assert Leg.parse(str(leg)) == leg


def test_times_of_the_journal_are_exact_to_the_millisecond() -> None:
    for milliseconds in range(1_795_446_000_000, 1_795_446_002_000):
        end = parse_end(f"ended|16|{milliseconds}|||||{TOKEN}|")
        expected = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=milliseconds)
        assert abs(end.ended_at - expected) < timedelta(microseconds=2)


def test_attempt_id_is_a_ulid_and_nothing_longer_or_shorter() -> None:
    ulid = str(ULID())
    assert ATTEMPT_ID.fullmatch(ulid)
    for wrong in (ulid[:-1], ulid + "0", ulid.lower(), ulid[:-1] + "I", ulid[:-1] + "\n"):
        assert not ATTEMPT_ID.fullmatch(wrong)
