from originator.flights import REPORTED_SECONDS, Flight

NUMBER = "573001234567"
TRUNK = "PJSIP/voip_issabel"


def test_a_call_that_is_up_is_not_missed() -> None:
    assert not Flight("A", NUMBER, TRUNK, deadline=100).missed(99)


def test_a_call_that_just_ended_may_still_be_reported() -> None:
    flight = Flight("A", NUMBER, TRUNK, deadline=100, over_at=50)
    assert not flight.missed(50 + REPORTED_SECONDS)
    assert flight.missed(50 + REPORTED_SECONDS + 0.01)


def test_a_call_beyond_its_deadline_is_missed_without_any_event() -> None:
    assert Flight("A", NUMBER, TRUNK, deadline=100).missed(100.01)


def test_the_pbx_is_not_asked_again_at_once() -> None:
    flight = Flight("A", NUMBER, TRUNK, deadline=100, asked_at=101)
    assert not flight.missed(101 + REPORTED_SECONDS)
    assert flight.missed(101 + REPORTED_SECONDS + 0.01)


def test_a_call_is_over_when_the_pbx_says_so_or_its_time_is_up() -> None:
    flight = Flight("A", NUMBER, TRUNK, deadline=100)
    assert not flight.over(100)
    assert flight.over(100.01)
    flight.over_at = 50
    assert flight.over(50)
