"""Which calls of a run hold a line, and which were sent."""

from unittest.mock import Mock

import pytest

from originator.ami import Event
from originator.flights import Flights

NUMBER = "573001234567"


@pytest.fixture
def flights() -> Flights:
    return Flights(Mock(), Mock(), lines=3, longest_seconds=60, grace_seconds=60, final=Mock())


def test_a_call_holds_its_line_from_the_commit_to_its_hangup(flights: Flights) -> None:
    assert flights.lines_held == 0
    flights.add("A", NUMBER, leaves_at=0)
    flights.add("B", NUMBER, leaves_at=0)
    assert flights.lines_held == 2
    for _ in range(2):
        flights.hear(Event("Hangup", {"uniqueid": "A"}))
        assert flights.lines_held == 1


def test_a_failed_originate_alone_frees_no_line(flights: Flights) -> None:
    flights.add("A", NUMBER, leaves_at=0)
    flights.hear(Event("OriginateResponse", {"uniqueid": "A", "response": "Failure"}))
    assert flights.lines_held == 1


def test_what_was_not_sent_after_all_holds_no_line(flights: Flights) -> None:
    flights.remove(flights.add("A", NUMBER, leaves_at=0))
    assert flights.lines_held == 0


def test_a_call_that_waits_for_its_slot_is_not_missed_on_the_pbx(flights: Flights) -> None:
    """After a lost link: what is not sent yet is not up, and has not ended either."""
    waiting, sent = (flights.add(name, NUMBER, leaves_at=0) for name in "AB")
    sent.sent = True
    flights.not_heard_of(flights.all(), live=set())
    assert waiting.holds_line
    assert not sent.holds_line


def test_a_missed_slot_moves_the_deadline_too(flights: Flights) -> None:
    flight = flights.add("A", NUMBER, leaves_at=0)
    before = flight.deadline
    flights.postpone(flight, leaves_at=5.0)
    assert flight.leaves_at == 5.0
    assert flight.deadline >= before
