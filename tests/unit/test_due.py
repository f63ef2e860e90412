from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaign.due import BadCutDay, Due, NotDue, cut_status


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(
    ("corte", "today", "cut"),
    [
        (15, "2026-11-14", "2026-11-15"),
        (15, "2026-11-15", "2026-11-15"),
        (15, "2026-11-20", "2026-11-15"),
        (15, "2026-11-30", "2026-11-15"),
        (2, "2026-11-01", "2026-11-02"),
        (30, "2026-11-29", "2026-11-30"),
        (31, "2026-11-29", "2026-11-30"),
        (31, "2026-11-30", "2026-11-30"),
        (31, "2026-12-30", "2026-12-31"),
        (31, "2026-12-31", "2026-12-31"),
        (29, "2026-02-27", "2026-02-28"),
        (30, "2026-02-27", "2026-02-28"),
        (31, "2026-02-28", "2026-02-28"),
        (28, "2026-02-27", "2026-02-28"),
        (28, "2028-02-27", "2028-02-28"),
        (29, "2028-02-28", "2028-02-29"),
        (31, "2028-02-28", "2028-02-29"),
        (31, "2028-02-29", "2028-02-29"),
        (1, "2026-11-01", "2026-11-01"),
        (1, "2026-11-02", "2026-11-01"),
        (1, "2026-11-29", "2026-11-01"),
        (1, "2026-11-30", "2026-12-01"),
        (1, "2026-12-31", "2027-01-01"),
        (1, "2028-02-28", "2028-02-01"),
        (1, "2028-02-29", "2028-03-01"),
    ],
)
def test_due_on_the_day_before_the_cut_and_after(corte: int, today: str, cut: str) -> None:
    assert cut_status(corte, day(today)) == Due(day(cut))


@pytest.mark.parametrize(
    ("corte", "today", "due_from"),
    [
        (15, "2026-11-13", "2026-11-14"),
        (15, "2026-11-05", "2026-11-14"),
        (15, "2026-11-01", "2026-11-14"),
        (3, "2026-11-01", "2026-11-02"),
        (2, "2026-10-31", None),
        (31, "2026-11-28", "2026-11-29"),
        (31, "2026-12-29", "2026-12-30"),
        (30, "2026-02-26", "2026-02-27"),
        (29, "2028-02-27", "2028-02-28"),
        (31, "2028-02-27", "2028-02-28"),
    ],
)
def test_not_due_before_the_day_before_the_cut(
    corte: int, today: str, due_from: str | None
) -> None:
    expected = NotDue(day(due_from)) if due_from else Due(day("2026-10-02"))
    assert cut_status(corte, day(today)) == expected


def test_cut_on_the_1st_is_due_every_day_of_a_year() -> None:
    start = day("2028-01-01")
    assert all(isinstance(cut_status(1, start + timedelta(n)), Due) for n in range(366))


@pytest.mark.parametrize("corte", range(2, 32))
def test_each_month_is_not_due_then_due_to_its_end(corte: int) -> None:
    start = day("2027-01-01")
    for n in range(365 + 366):
        today = start + timedelta(n)
        tomorrow = today + timedelta(1)
        if isinstance(cut_status(corte, today), Due) and tomorrow.month == today.month:
            assert isinstance(cut_status(corte, tomorrow), Due)
        if tomorrow.month != today.month:
            assert isinstance(cut_status(corte, today), Due)


@pytest.mark.parametrize(
    "corte", ["15", "15 ", " 15\n", b"15", b" 15 ", 15.0, Decimal(15), Decimal("15.00")]
)
def test_a_day_is_read_from_any_type_of_column(corte: object) -> None:
    assert cut_status(corte, day("2026-11-14")) == Due(day("2026-11-15"))


@pytest.mark.parametrize(
    "corte",
    [
        None,
        0,
        32,
        -1,
        10**30,
        True,
        1.5,
        float("nan"),
        float("inf"),
        Decimal("15.5"),
        Decimal("NaN"),
        Decimal("1E+999999"),
        "",
        "0",
        "32",
        "quince",
        "15/30",
        "1 5",
        "-5",
        "+5",
        "015",
        "1５",
        "15.0",
        "9" * 10_000,
        b"\xff",
        day("2026-11-15"),
        [15],
    ],
)
def test_what_is_no_day_of_a_month_is_never_due(corte: object) -> None:
    assert cut_status(corte, day("2026-11-30")) == BadCutDay()
