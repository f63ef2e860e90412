from datetime import date
from decimal import Decimal

import pytest

from campaign.eligibility import Debtor
from campaign.persons import Persons
from campaign.phone import Number

A, B, C = "573001234567", "573101234567", "573201234567"


def debtor(person: str, *numbers: str) -> Debtor:
    return Debtor("7", tuple(map(Number, numbers)), person, Decimal(1), date(2026, 11, 20))


@pytest.mark.parametrize(
    ("first", "second", "is_new"),
    [
        (debtor(A, A), debtor(B, B), True),
        (debtor(A, A), debtor(A, A), False),
        (debtor(A, A, B), debtor(C, C, B), False),
        (debtor("1023", A), debtor("1023", B), False),
        (debtor("1023", A), debtor("4567", A), False),
        (debtor("1023", A), debtor("4567", B), True),
    ],
)
def test_one_name_or_one_number_in_common_is_one_person(
    first: Debtor, second: Debtor, *, is_new: bool
) -> None:
    persons = Persons()
    assert persons.is_new(first)
    assert persons.is_new(second) is is_new
