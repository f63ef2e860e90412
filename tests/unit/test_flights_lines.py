"""Which calls of a run hold a line, and which were sent."""

from unittest.mock import Mock

import pytest

from campaign.file import Campaign
from campaign.sections import Trunk
from originator.ami import Event
from originator.flights import Flight, Flights
from originator.lines import Lines

NUMBER = "573001234567"


TRUNK = Trunk()


@pytest.fixture
def lines() -> Lines:
    return Lines(Campaign(name="pruebas", trunks=(TRUNK,)))


@pytest.fixture
def flights(lines: Lines) -> Flights:
    return Flights(Mock(), Mock(), lines, longest_seconds=60, grace_seconds=60, final=Mock())


def add(flights: Flights, attempt_id: str) -> Flight:
    return flights.add(attempt_id, NUMBER, TRUNK.label, leaves_at=0)


def test_a_call_holds_its_line_from_the_commit_to_its_hangup(
    flights: Flights, lines: Lines
) -> None:
    assert lines.held[TRUNK.label] == 0
    add(flights, "A")
    add(flights, "B")
    assert lines.held[TRUNK.label] == 2
    for _ in range(2):
        flights.hear(Event("Hangup", {"uniqueid": "A"}))
        assert lines.held[TRUNK.label] == 1


def test_a_failed_originate_alone_frees_no_line(flights: Flights, lines: Lines) -> None:
    add(flights, "A")
    flights.hear(Event("OriginateResponse", {"uniqueid": "A", "response": "Failure"}))
    assert lines.held[TRUNK.label] == 1


def test_a_call_that_failed_without_a_hangup_was_never_up(flights: Flights) -> None:
    failed, hung_up = add(flights, "A"), add(flights, "B")
    for flight in (failed, hung_up):
        response = {"uniqueid": flight.attempt_id, "response": "Failure"}
        flights.hear(Event("OriginateResponse", response))
    flights.hear(Event("Hangup", {"uniqueid": "B"}))
    assert failed.never_up
    assert not hung_up.never_up


def test_what_was_not_sent_after_all_holds_no_line(flights: Flights, lines: Lines) -> None:
    flights.remove(add(flights, "A"))
    assert lines.held[TRUNK.label] == 0


def test_a_call_that_waits_for_its_slot_is_not_missed_on_the_pbx(flights: Flights) -> None:
    """After a lost link: what is not sent yet is not up, and has not ended either."""
    waiting, sent = (add(flights, name) for name in "AB")
    sent.sent = True
    flights.not_heard_of(flights.all(), live=set())
    assert waiting.holds_line
    assert not sent.holds_line


def test_a_missed_slot_moves_the_deadline_too(flights: Flights) -> None:
    flight = add(flights, "A")
    before = flight.deadline
    flights.postpone(flight, leaves_at=5.0)
    assert flight.leaves_at == 5.0
    assert flight.deadline >= before
