"""The chaos sees an attempt that became final too late; a fault excuses it only for a while."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lab.chaos.check import Span
from lab.chaos.lateness import AFTER_FAULTS, SLACK, find_late
from lab.chaos.rows import Attempt

START = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
LONGEST = timedelta(seconds=27)
IN_TIME = (LONGEST + SLACK).total_seconds()
AFTER = AFTER_FAULTS.total_seconds()


def at(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def closed(seconds: float) -> Attempt:
    """Dialled at 0 s, ended at 4 s by its own account, final after so long."""
    return Attempt(
        "A1", "3001000000", "ended", "delivered", at(-0.5), at(0), at(1), at(4),
        heard_seconds=3.0, closed_at=at(seconds),
    )  # fmt: skip


def late(attempt: Attempt, *faults: Span) -> list[str]:
    return [breach.sentence for breach in find_late([attempt], faults, LONGEST)]


def test_in_time_is_no_breach() -> None:
    assert late(closed(5)) == []
    assert late(closed(IN_TIME)) == []


def test_a_planted_late_one_is_seen() -> None:
    (breach,) = find_late([closed(IN_TIME + 8)], (), LONGEST)
    assert (breach.kind, breach.number) == ("late", "3001000000")
    assert breach.sentence == (
        "The attempt A1 (delivered) was final after 40 s, 32 s were allowed."
    )


@pytest.mark.parametrize("fault", [(-5, 1), (3, 9), (-9, 99)])
def test_a_fault_during_the_call_excuses_it_for_five_minutes(fault: tuple[int, int]) -> None:
    hit, over = fault
    assert late(closed(over + AFTER), (at(hit), at(over))) == []
    assert len(late(closed(over + AFTER + 1), (at(hit), at(over)))) == 1


@pytest.mark.parametrize("fault", [(-60, -50), (50, 60)])
def test_a_fault_at_another_time_excuses_nothing(fault: tuple[int, int]) -> None:
    hit, over = fault
    assert len(late(closed(IN_TIME + 1), (at(hit), at(over)))) == 1


def test_the_five_minutes_count_from_the_last_fault_of_all() -> None:
    faults = (at(1), at(2)), (at(90), at(100))
    assert late(closed(100 + AFTER), *faults) == []
    assert len(late(closed(101 + AFTER), *faults)) == 1


def test_a_claim_that_was_given_back_late() -> None:
    given_back = replace(
        closed(0), state="released", outcome=None, dialing_at=None, closed_at=None, ended_at=at(60)
    )
    assert len(late(given_back)) == 1
    assert late(replace(given_back, ended_at=at(1))) == []


def test_one_that_is_still_open_is_found_elsewhere() -> None:
    assert late(replace(closed(0), state="answered", outcome=None, closed_at=None)) == []
