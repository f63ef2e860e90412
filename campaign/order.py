"""In which order customers are called, and in which portions the database is asked for them.

The order, each word only where those before it say the same:

1. days to the cut: today's first, then those ahead, the nearest first (a call can still prevent the
   cut); then those that are past, the latest first;
2. the amount, the higher first;
3. the attempts that the company's table has counted, the fewer first;
4. the last call, the longest ago first, and before all who was never called;
5. the customer's key.

1 is judged here; the database sorts by the rest (`ranking` in company.sql).
"""

from collections.abc import Iterator, Mapping
from datetime import date

FIRST_PORTION = 20_000
"""Customers, at least, that are asked for at first: they are there in a second or two."""

GROWTH = 4
"""How many times all before it a portion holds: to go through the tables has its price, too."""

MOST = 150_000
"""No day is added to a portion that holds so many: the server reads on while they are judged."""


def urgency(day: date, today: date) -> tuple[bool, int]:
    """What sorts the days of cuts; see 1."""
    days = (day - today).days
    return days < 0, abs(days)


def portions(customers: Mapping[date, int], today: date) -> Iterator[list[date]]:
    """The days in the order of their urgency, in portions that grow to ``MOST``: the first call is
    soon made, and the tables are gone through few times.

    ``customers``: how many have that day.
    """
    portion: list[date] = []
    count = before = 0
    for day in sorted(customers, key=lambda day: urgency(day, today)):
        portion.append(day)
        count += customers[day]
        if count >= min(max(FIRST_PORTION, GROWTH * before), MOST):
            yield portion
            before += count
            portion, count = [], 0
    if portion:
        yield portion
