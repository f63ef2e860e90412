"""How many customers share the same flag, mark and cut day: most are judged without being read."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaign.source import Source
from campaign.store.database import Database, Row
from campaign.store.identifiers import company_statement, conditions


@dataclass(frozen=True)
class Field:
    """What stands in a column."""

    value: object
    """As the database gave it."""
    octets: bytes | None
    """The same in bytes: MySQL compares texts so that ``１５`` is ``15``."""


@dataclass(frozen=True)
class Group:
    """Customers whose three fields hold the same."""

    customers: int
    meets_conditions: bool
    """The campaign's own (``where``)."""
    flag: Field
    sent: Field
    cut_day: Field


def census(database: Database, source: Source) -> Iterator[Group]:
    """All customers of the company, each in one group."""
    where, values = conditions(source)
    sql = company_statement("census", source, conditions=where)
    for rows in database.stream(sql, values):
        yield from map(_group, rows)


def _group(row: Row) -> Group:
    return Group(
        customers=row["customers"],
        meets_conditions=bool(row["meets_conditions"]),
        flag=Field(row["flag"], row["flag_octets"]),
        sent=Field(row["sent"], row["sent_octets"]),
        cut_day=Field(row["cut_day"], row["cut_day_octets"]),
    )
