"""The mix of a demo's day: percentages become numbers, and calls become rounds."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from lab.behaviours import behaviour_of
from lab.day import Round, rounds
from lab.errors import LabError
from lab.mix import ENDINGS, endings, parse
from lab.verify import AttemptRow

MORNING = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def test_the_rest_listens() -> None:
    assert parse("busy=20,no-answer=30") == {"delivered": 50, "busy": 20, "no-answer": 30}
    assert parse(" busy=0 , no_answer=100") == {"delivered": 0, "busy": 0, "no-answer": 100}
    assert parse("delivered=70,busy=30") == {"delivered": 70, "busy": 30}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("ocupado=20", "“ocupado” is no behaviour; there are delivered, hung-up-early, busy"),
        ("", "“” is no behaviour"),
        ("busy", "write busy=20 for 20 %"),
        ("busy=-1", "write busy=20 for 20 %"),
        ("busy=٣", "write busy=20 for 20 %"),
        ("busy=20,busy=30", "busy is named twice"),
        ("busy=60,no-answer=50", "add up to 110, not to 100"),
        ("delivered=50,busy=20", "add up to 70, not to 100"),
    ],
)
def test_a_wrong_mix_says_what_is_right(text: str, said: str) -> None:
    with pytest.raises(LabError, match=said):
        parse(text)


@pytest.mark.parametrize("customers", [1, 3, 7, 28, 100, 701])
def test_every_customer_has_a_behaviour_and_each_its_share(customers: int) -> None:
    mix = parse("busy=20,no-answer=30,machine=7")
    counts = Counter(endings(mix, customers))
    assert counts.total() == customers
    for name, percent in mix.items():
        assert abs(counts[ENDINGS[name]] - customers * percent / 100) < 1


def test_the_behaviours_are_spread_over_the_day() -> None:
    first_half = Counter(endings(parse("busy=20,no-answer=30"), 100)[:50])
    assert first_half == {"00": 25, "60": 10, "61": 15}


def test_each_name_is_what_the_number_does() -> None:
    for name, ending in ENDINGS.items():
        behaviour = behaviour_of(f"30000000{ending}")
        told = f"{behaviour.description} {behaviour.outcome.replace('_', '-')}"
        assert name.removeprefix("hung-") in told or name in told, name


def test_rounds_of_a_day() -> None:
    def call(number: str, outcome: str, minutes: int, heard: float | None = None) -> AttemptRow:
        at = MORNING + timedelta(minutes=minutes)
        return AttemptRow(number, outcome, heard is not None, heard, at, at)

    day = [
        call("1", "busy", 0), call("2", "delivered", 0, 15.5), call("3", "hung_up_early", 1, 2.0),
        call("1", "busy", 60), call("1", "delivered", 120, 15.5),
    ]  # fmt: skip
    assert rounds(reversed(day)) == [
        Round(3, 1, 17.5, 1), Round(1, 0, 0.0, 1), Round(1, 1, 15.5, 2)
    ]  # fmt: skip
    assert rounds([]) == []
