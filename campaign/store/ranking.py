"""Reads customers in the order in which they are called."""

from collections.abc import Generator, Iterable, Iterator, Sequence
from datetime import date
from typing import Any

from campaign.eligibility import CustomerRow
from campaign.file import Campaign
from campaign.store.census import Group
from campaign.store.customers import customer_row
from campaign.store.database import Database
from campaign.store.identifiers import column, company_statement, conditions
from campaign.store.spool import spooled


def ranking(
    database: Database,
    campaign: Campaign,
    portions: Iterable[Sequence[Sequence[Group]]],
    today: date,
) -> Iterator[list[CustomerRow]]:
    """The customers of these groups by pages, in the order of campaign/order.py.

    ``portions``: what is asked for at once: the groups of one day, then those of the next; each has
    at least one group. The rows are as they were when their portion was begun, while those of the
    one before it were read. They are taken from the server as fast as it gives them, however slowly
    they are wanted: a run of hours holds nothing of the company's tables.
    """
    queries = (_portion(database, campaign, places, today) for places in portions)
    with spooled(queries) as kept:
        for page in kept:
            yield [CustomerRow(*fields) for fields in page]


def _portion(
    database: Database, campaign: Campaign, places: Sequence[Sequence[Group]], today: date
) -> Generator[list[tuple[Any, ...]]]:
    source = campaign.source
    where, values = conditions(source)
    place, which, days = _place(campaign, places)
    groups = [group for place in places for group in place]
    values |= days | {
        "source": source.customers,
        "today": today,
        "flags": {group.flag.octets for group in groups},
        "sents": {group.sent.octets for group in groups},
    }
    sql = company_statement("ranking", source, conditions=where, place=place, which=which)
    for rows in database.stream(sql, values):
        # Tuples: they are written and read in half of the time that the rows themselves take.
        yield [_fields(customer_row(row, source)) for row in rows]


def _fields(row: CustomerRow) -> tuple[Any, ...]:
    return tuple(vars(row).values())


def _place(
    campaign: Campaign, places: Sequence[Sequence[Group]]
) -> tuple[str, str, dict[str, object]]:
    """SQL that tells a customer's place by his day, SQL that tells whether his day is among
    ``places``, and its values."""
    source = campaign.source
    if campaign.due.rule == "due_date":
        return company_statement("place_of_due_date", source), "TRUE", {}
    days = [(place, group.cut_day) for place, groups in enumerate(places) for group in groups]
    whens = " ".join(f"WHEN %(day_{n})s THEN {place:d}" for n, (place, _) in enumerate(days))
    place = f"CASE CAST({column(source.cut_day)} AS BINARY) {whens} END"
    values: dict[str, object] = {f"day_{n}": day.octets for n, (_, day) in enumerate(days)}
    return place, f"{place} IS NOT NULL", values
