"""How many customers share the same flag, mark and cut day: most are judged without being read."""

from collections.abc import Iterator
from dataclasses import dataclass

from campaign.source import Source
from campaign.store.database import Database, Row
from campaign.store.identifiers import company_statement, conditions


@dataclass(frozen=True)
class Group:
    """Customers whose three fields hold the same, as the database gave it."""

    customers: int
    meets_conditions: bool
    """The campaign's own (``where``)."""
    flag: object
    sent: object
    cut_day: object
    flag_key: bytes | None
    """The field's bytes: a comparison as text would take ``１`` for ``1``."""
    sent_key: bytes | None
    cut_day_key: bytes | None


def census(database: Database, source: Source) -> Iterator[Group]:
    """All customers of the company, each in one group."""
    where, values = conditions(source)
    sql = company_statement("census", source, conditions=where)
    for rows in database.stream(sql, values):
        yield from map(_group, rows)


def _group(row: Row) -> Group:
    return Group(**{**row, "meets_conditions": bool(row["meets_conditions"])})
