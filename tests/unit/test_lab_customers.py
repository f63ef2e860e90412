"""The demo's sample customers are what they say they are, on every day of the year."""

from calendar import isleap
from datetime import date, timedelta
from decimal import Decimal

import pytest

from campaign.eligibility import CustomerRow, Debtor, Skip, decide
from campaign.reason import Reason
from campaign.sections import DueRule, Numbers
from lab.customers import ALL_BEHAVIOURS, Customer, sample

MOBILES = Numbers(kinds=("mobile",))

REASONS = {
    "Ya pagó": Reason.NOTHING_OWED,
    "Sin saldo": Reason.NOTHING_OWED,
    "Ya fue llamado": Reason.ALREADY_SENT,
    "No autorizó llamadas": Reason.NOT_FLAGGED,
    "Sin corte": Reason.BAD_CUT_DAY,
    "Corte imposible": Reason.BAD_CUT_DAY,
    "Corte con texto": Reason.BAD_CUT_DAY,
    "Corte lejano": Reason.NOT_DUE,
    "Sin número": Reason.BAD_NUMBER,
    "Número de relleno": Reason.BAD_NUMBER,
    "Teléfono fijo": Reason.BAD_NUMBER,
}


def days(year: int) -> list[date]:
    return [date(year, 1, 1) + timedelta(days=day) for day in range(366 if isleap(year) else 365)]


def verdict(customer: Customer, today: date) -> Debtor | Skip:
    """The dialer's word on a customer, whose conditions (``activo``) the statement checks."""
    owes = customer.balance > 0 and not customer.paid
    row = CustomerRow(
        customer_id="1",
        phones=(customer.phone,),
        cut_day=customer.cut_day,
        flag=customer.flag,
        sent=customer.sent,
        debt=Decimal(customer.balance) if owes else None,
    )
    return decide(row, today, DueRule(), MOBILES)


@pytest.mark.parametrize("year", [2027, 2028])
def test_due_ones_are_due_and_the_others_are_not(year: int) -> None:
    for today in days(year):
        people, due = sample(40, today)
        active = [one for one in people if one.active]
        verdicts = {one: verdict(one, today) for one in active}
        called = [v.numbers[0].national for v in verdicts.values() if isinstance(v, Debtor)]
        assert sorted(called) == sorted(due)
        assert len(called) == 28
        for customer, judged in verdicts.items():
            if isinstance(judged, Skip):
                assert judged.reason in (REASONS[customer.name], Reason.NOTHING_OWED), today


def test_the_days_on_which_no_cut_is_far() -> None:
    """From the 27th on "Corte lejano" has paid instead: on all other days he is not due."""
    for today in days(2028):
        (far,) = [one for one in sample(40, today)[0] if one.name == "Corte lejano"]
        judged = verdict(far, today)
        assert isinstance(judged, Skip)
        assert judged.reason is (Reason.NOT_DUE if today.day <= 26 else Reason.NOTHING_OWED)


def test_a_demo_of_forty_shows_every_behaviour() -> None:
    people, due = sample(40, date(2026, 11, 22))
    assert len(people) == 40
    assert sorted(number[-2:] for number in due) == sorted(ALL_BEHAVIOURS)


@pytest.mark.parametrize("count", [1, 2, 39, 400])
def test_numbers_are_never_shared(count: int) -> None:
    people, due = sample(count, date(2026, 2, 28))
    assert len(people) == count
    assert len(due) == round(count * 0.7)
    phones = [one.phone for one in people if one.phone and one.phone[:3] == "310"]
    assert len(phones) == len(set(phones))
