from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lab.calls import CarrierCall
from lab.verify import AttemptRow, find_mismatches

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def listener(number: str = "573001234507") -> CarrierCall:
    """Answered after a second, and heard a message of 12 seconds to its end."""
    return CarrierCall(number, "6011234567", at(0.1), at(1.1), at(13.1), "caller", 200, "x.wav")


def delivered(number: str = "573001234507") -> AttemptRow:
    return AttemptRow(number, "delivered", True, 12.0, at(0), at(13.2))


def refused(number: str, code: int) -> CarrierCall:
    return CarrierCall(number, "", at(0.1), None, at(0.2), "carrier", code, "")


def unanswered(number: str, outcome: str) -> AttemptRow:
    return AttemptRow(number, outcome, False, None, at(0), at(0.3))


def test_records_that_agree_have_no_mismatch() -> None:
    calls = [listener(), refused("573001234560", 486), refused("573001234570", 404)]
    attempts = [
        delivered(),
        unanswered("573001234560", "busy"),
        unanswered("573001234570", "does_not_exist"),
    ]
    assert find_mismatches(calls, attempts) == []


def test_call_without_attempt() -> None:
    assert find_mismatches([listener()], []) == [
        "A call to 573001234507 at 15:00:00 reached the carrier without an attempt."
    ]


def test_call_outside_of_the_time_of_its_attempt_has_none() -> None:
    late = replace(listener(), invite_at=at(60), answer_at=at(61), end_at=at(73))
    found = find_mismatches([listener(), late], [delivered()])
    assert found == ["A call to 573001234507 at 15:01:00 reached the carrier without an attempt."]


def test_attempt_without_call() -> None:
    assert find_mismatches([], [delivered()]) == [
        "The attempt at 573001234507 of 15:00:00 (delivered) never reached the carrier."
    ]


def test_attempt_that_was_not_placed_needs_no_call() -> None:
    assert find_mismatches([], [unanswered("573001234507", "not_placed")]) == []


def test_attempt_that_was_not_placed_explains_no_call() -> None:
    found = find_mismatches([listener()], [unanswered("573001234507", "not_placed")])
    assert len(found) == 1
    assert "without an attempt" in found[0]


def test_two_calls_of_one_attempt() -> None:
    again = replace(listener(), invite_at=at(2))
    assert find_mismatches([listener(), again], [delivered()]) == [
        "The attempt at 573001234507 of 15:00:00 reached the carrier 2 times."
    ]


def test_two_attempts_at_one_number_have_a_call_each() -> None:
    first = unanswered("573001234560", "busy")
    second = replace(first, dialing_at=at(5), ended_at=at(5.3))
    calls = [
        refused("573001234560", 486),
        replace(refused("573001234560", 486), invite_at=at(5.1), end_at=at(5.2)),
    ]
    assert find_mismatches(calls, [second, first]) == []
    assert find_mismatches(calls[:1], [second, first]) == [
        "The attempt at 573001234560 of 15:00:05 (busy) never reached the carrier."
    ]


def test_two_attempts_within_a_second_have_a_call_each() -> None:
    first = unanswered("573001234560", "busy")
    second = replace(first, dialing_at=at(0.6), ended_at=at(0.9))
    calls = [
        refused("573001234560", 486),
        replace(refused("573001234560", 486), invite_at=at(0.7), end_at=at(0.8)),
    ]
    assert find_mismatches(calls, [first, second]) == []


def test_attempt_that_is_dated_a_little_late_explains_its_call() -> None:
    late = replace(unanswered("573001234560", "busy"), dialing_at=at(0.9), ended_at=at(1.2))
    assert find_mismatches([refused("573001234560", 486)], [late]) == []


def test_attempt_still_open_explains_its_call() -> None:
    assert find_mismatches([listener()], [replace(delivered(), ended_at=None)]) == []


def test_outcome_that_does_not_fit_the_number() -> None:
    found = find_mismatches(
        [refused("573001234560", 486)], [unanswered("573001234560", "no_answer")]
    )
    assert found == [
        "The attempt at 573001234560 of 15:00:00 is recorded as no_answer, "
        "but the carrier saw busy (the number is busy)."
    ]


@pytest.mark.parametrize(
    ("heard", "fits"), [(11.71, True), (12.29, True), (11.6, False), (12.4, False)]
)
def test_heard_seconds_within_a_third_of_a_second(heard: float, fits: bool) -> None:
    found = find_mismatches([listener()], [replace(delivered(), heard_seconds=heard)])
    assert (found == []) is fits
    if not fits:
        assert f"heard for {heard:.2f} s, but at the carrier it lasted 12.00 s" in found[0]


@pytest.mark.parametrize(("heard", "fits"), [(5.0, True), (12.2, True), (12.4, False)])
def test_after_a_key_less_of_the_message_may_be_heard(heard: float, fits: bool) -> None:
    attempt = replace(delivered(), heard_seconds=heard, keys="1@3.02")
    assert (find_mismatches([listener()], [attempt]) == []) is fits


def test_heard_seconds_missing() -> None:
    found = find_mismatches([listener()], [replace(delivered(), heard_seconds=None)])
    assert len(found) == 1
    assert "how much was heard is not recorded" in found[0]


def test_answer_that_only_one_side_saw() -> None:
    found = find_mismatches([listener()], [replace(delivered(), answered=False)])
    assert found == [
        "The attempt at 573001234507 of 15:00:00 is recorded as not answered, "
        "but at the carrier it was answered."
    ]


@pytest.mark.parametrize(
    ("delivered_after", "outcome"), [(8.0, "hung_up_early"), (3.0, "delivered"), (2.0, "delivered")]
)
def test_customer_who_hangs_up_after_three_seconds(delivered_after: float, outcome: str) -> None:
    call = CarrierCall("573001234550", "", at(0.1), at(1), at(4), "carrier", 200, "")
    attempt = AttemptRow("573001234550", outcome, True, 3.0, at(0), at(4.1))
    other = "delivered" if outcome == "hung_up_early" else "hung_up_early"
    assert find_mismatches([call], [attempt], delivered_after) == []
    assert len(find_mismatches([call], [replace(attempt, outcome=other)], delivered_after)) == 1


def test_short_message_is_delivered_before_the_customer_hangs_up() -> None:
    call = CarrierCall("573001234550", "", at(0.1), at(1), at(3), "caller", 200, "")
    attempt = AttemptRow("573001234550", "delivered", True, 2.0, at(0), at(3.1))
    assert find_mismatches([call], [attempt]) == []
