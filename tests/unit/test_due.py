from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign import due
from campaign.due import BadDay, Due, NotDue, date_status
from campaign.sections import DueRule


def cut_status(corte: object, today: date, **rule: Any) -> Due | NotDue | BadDay:
    return due.cut_status(corte, today, DueRule(**rule))


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
    assert cut_status(corte, day("2026-11-30")) == BadDay()


@pytest.mark.parametrize(
    ("rule", "corte", "today", "verdict"),
    [
        ({"days_before": 0}, 15, "2026-11-14", NotDue(day("2026-11-15"))),
        ({"days_before": 0}, 15, "2026-11-15", Due(day("2026-11-15"))),
        ({"days_before": 5}, 15, "2026-11-09", NotDue(day("2026-11-10"))),
        ({"days_before": 5}, 15, "2026-11-10", Due(day("2026-11-15"))),
        ({"days_before": 5}, 3, "2026-10-29", Due(day("2026-11-03"))),
        ({"days_before": 5}, 31, "2028-02-24", Due(day("2028-02-29"))),
        ({"days_before": 5}, 31, "2028-02-23", NotDue(day("2028-02-24"))),
        ({"days_before": 40}, 3, "2026-11-01", Due(day("2026-12-03"))),
        ({"days_after": 0}, 15, "2026-11-15", Due(day("2026-11-15"))),
        ({"days_after": 0}, 15, "2026-11-16", NotDue(day("2026-12-14"))),
        ({"days_after": 3}, 30, "2026-12-04", NotDue(day("2026-12-29"))),
        ({"days_after": 4}, 29, "2026-12-03", Due(day("2026-11-29"))),
        ({"days_after": 3}, 31, "2027-03-03", Due(day("2027-02-28"))),
        ({"days_after": 3}, 31, "2027-03-04", NotDue(day("2027-03-30"))),
        ({"days_after": 3}, 1, "2026-12-31", Due(day("2027-01-01"))),
        ({"days_after": 3}, 1, "2026-12-30", NotDue(day("2026-12-31"))),
    ],
)
def test_the_days_before_and_after_the_cut_are_the_campaigns(
    rule: dict[str, int], corte: int, today: str, verdict: Due | NotDue
) -> None:
    assert cut_status(corte, day(today), **rule) == verdict


def judge(invoices: object, today: str, **rule: Any) -> Due | NotDue | BadDay:
    return date_status(invoices, day(today), DueRule(rule="due_date", **rule))


ONE = '[["2026-11-20", 10.50]]'
TWO = '[["2026-11-20", 10.50], ["2026-12-20", 7]]'


@pytest.mark.parametrize(
    ("invoices", "today", "rule", "verdict"),
    [
        (ONE, "2026-11-18", {}, NotDue(day("2026-11-19"))),
        (ONE, "2026-11-19", {}, Due(day("2026-11-20"), Decimal("10.50"))),
        (ONE, "2027-11-19", {}, Due(day("2026-11-20"), Decimal("10.50"))),
        (ONE, "2026-11-19", {"days_before": 0}, NotDue(day("2026-11-20"))),
        (ONE, "2026-11-25", {"days_after": 5}, Due(day("2026-11-20"), Decimal("10.50"))),
        (ONE, "2026-11-26", {"days_after": 5}, NotDue(None)),
        (TWO, "2026-11-19", {}, Due(day("2026-11-20"), Decimal("10.50"))),
        (TWO, "2026-12-19", {}, Due(day("2026-11-20"), Decimal("17.50"))),
        (TWO, "2026-12-19", {"days_after": 5}, Due(day("2026-12-20"), Decimal(7))),
        (TWO, "2026-12-01", {"days_after": 5}, NotDue(day("2026-12-19"))),
        (TWO, "2028-02-28", {"days_before": 2}, Due(day("2026-11-20"), Decimal("17.50"))),
        ('[["2028-02-29", 1]]', "2028-02-28", {}, Due(day("2028-02-29"), Decimal(1))),
        (
            '[["2026-11-20 00:00:00.000000", "5"]]',
            "2026-11-20",
            {},
            Due(day("2026-11-20"), Decimal(5)),
        ),
        ('[["9999-12-31", 5]]', "2026-11-20", {"days_after": 5}, NotDue(day("9999-12-30"))),
        ('[["0001-01-01", 5]]', "2026-11-20", {"days_after": 5}, NotDue(None)),
        ('[["2026-11-20", 5], [null, 9]]', "2026-11-20", {}, Due(day("2026-11-20"), Decimal(5))),
    ],
)
def test_an_invoice_is_due_within_the_days_of_its_date(
    invoices: str, today: str, rule: dict[str, int], verdict: Due | NotDue
) -> None:
    assert judge(invoices, today, **rule) == verdict


@pytest.mark.parametrize(
    "invoices",
    [None, "", "[]", "[[null, 5]]", '[["0000-00-00", 5]]', '[["soon", 5]]',
     '[["2026-11-20", null]]',
     '[["2026-11-20", 5], ["2026-', "[[20261120, 5]]", '[["", 5]]', 7],
)  # fmt: skip
def test_what_has_no_due_date_is_never_due(invoices: object) -> None:
    assert judge(invoices, "2026-11-20") == BadDay()


@pytest.mark.parametrize("year", range(2024, 2031))
def test_every_cut_day_on_every_day_of_a_year_is_judged_as_the_words_say(year: int) -> None:
    """The day before the cut, the day of the cut, or later in the month."""
    days = [date(year, 1, 1) + timedelta(n) for n in range(366 if year % 4 == 0 else 365)]
    lasts = {(each.year, each.month): (each + timedelta(1)).day == 1 and each for each in days}
    for today in days:
        last = lasts[today.year, today.month]
        assert last
        for corte in range(1, 32):
            cut = min(corte, last.day)
            words = (
                today.day == cut - 1 or today.day >= cut or (corte == 1 and today.day == last.day)
            )
            assert isinstance(cut_status(corte, today), Due) == words, (corte, today)


@given(
    corte=st.integers(1, 31),
    today=st.dates(date(2024, 1, 1), date(2030, 12, 31)),
    before=st.integers(0, 27),
    after=st.none() | st.integers(0, 40),
)
def test_a_customer_who_is_not_due_is_due_from_the_day_that_is_said(
    corte: int, today: date, before: int, after: int | None
) -> None:
    rule = {"days_before": before, "days_after": after}
    status = cut_status(corte, today, **rule)
    if isinstance(status, NotDue):
        assert status.due_from is not None
        assert status.due_from > today
        assert isinstance(cut_status(corte, status.due_from, **rule), Due)
        wait = (status.due_from - today).days
        assert all(
            isinstance(cut_status(corte, today + timedelta(n), **rule), NotDue) for n in range(wait)
        )
    else:
        assert isinstance(status, Due)
        assert -before <= (today - status.day).days <= (30 if after is None else after)
