import pytest

from campaign.outcome import Outcome
from originator.flights import Flight
from originator.look_again import TRIES, LookAgain

PAUSED = {"PJSIP/a"}


def flight(customer_id: str, trunk: str = "PJSIP/a", *, has_other_numbers: bool = False) -> Flight:
    return Flight(
        "01",
        "573001234567",
        trunk,
        0.0,
        customer_id=customer_id,
        has_other_numbers=has_other_numbers,
    )


@pytest.mark.parametrize(
    "outcome", [Outcome.CONGESTION, Outcome.TRUNK_SILENT, Outcome.TRUNK_REFUSED, Outcome.NOT_PLACED]
)
def test_whom_a_paused_trunk_failed_is_taken_once(outcome: Outcome) -> None:
    look = LookAgain()
    look.outcome(flight("7"), outcome)
    assert look.take(PAUSED) == ["7"]
    assert look.take(PAUSED) == []


@pytest.mark.parametrize("outcome", [Outcome.BUSY, Outcome.DELIVERED, Outcome.LOST])
def test_what_was_not_the_trunks_doing_is_not_tried_again(outcome: Outcome) -> None:
    look = LookAgain()
    look.outcome(flight("7", has_other_numbers=True), outcome)
    assert look.take(PAUSED) == []


def test_a_failure_of_a_trunk_that_works_is_left_to_the_next_run() -> None:
    look = LookAgain()
    look.outcome(flight("7", "PJSIP/b"), Outcome.CONGESTION)
    assert look.take(PAUSED) == []
    assert not look.given_up(PAUSED)


def test_so_many_failures_are_enough() -> None:
    look = LookAgain()
    for _ in range(TRIES - 1):
        look.outcome(flight("7"), Outcome.CONGESTION)
        assert not look.given_up(PAUSED)
        assert look.take(PAUSED) == ["7"]
    look.outcome(flight("7"), Outcome.CONGESTION)
    assert look.take(PAUSED) == []
    assert look.given_up(PAUSED)


def test_a_call_that_went_well_ends_the_matter() -> None:
    look = LookAgain()
    for _ in range(TRIES):
        look.outcome(flight("7"), Outcome.CONGESTION)
    look.outcome(flight("7"), Outcome.BUSY)
    assert not look.given_up(PAUSED)


def test_a_bad_number_counts_only_where_there_is_another_one() -> None:
    look = LookAgain()
    look.outcome(flight("7"), Outcome.DOES_NOT_EXIST)
    assert look.take(PAUSED) == []
    look.outcome(flight("8", has_other_numbers=True), Outcome.DOES_NOT_EXIST)
    look.at("9")
    assert look.take(PAUSED) == ["8", "9"]
