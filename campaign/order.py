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

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import TypeVar

FIRST_PORTION = 20_000
"""Customers, at least, that are asked for at first: they are there in a second or two."""

MOST_AT_ONCE = 8_000
"""Customers that are judged together at most: what is recorded of them lies all over the tables of
attempts, and of many at once the database reads each page of these once."""

Item = TypeVar("Item")

GROWTH = 4
"""How many times all before it a portion holds: to go through the tables has its price, too."""


def urgency(day: date, today: date) -> tuple[bool, int]:
    """What sorts the days of cuts; see 1."""
    days = (day - today).days
    return days < 0, abs(days)


def portions(customers: Mapping[date, int], today: date) -> Iterator[list[date]]:
    """The days in the order of their urgency, in portions that grow: the first call is soon made,
    and the tables are gone through few times.

    ``customers``: how many have that day.
    """
    portion: list[date] = []
    count = before = 0
    for day in sorted(customers, key=lambda day: urgency(day, today)):
        portion.append(day)
        count += customers[day]
        if count >= max(FIRST_PORTION, GROWTH * before):
            yield portion
            before += count
            portion, count = [], 0
    if portion:
        yield portion


def together(pages: Iterable[list[Item]]) -> Iterator[list[Item]]:
    """The same items in pages of which each is twice as long as the one before, up to the most."""
    joined: list[Item] = []
    wanted = 1
    for page in pages:
        joined += page
        if len(joined) >= wanted:
            yield joined
            wanted = min(2 * len(joined), MOST_AT_ONCE)
            joined = []
    if joined:
        yield joined
