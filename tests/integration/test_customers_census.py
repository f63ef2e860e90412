"""What is counted in the database is what the rules say of each row, whatever the fields hold."""

import itertools
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from campaign.reason import Reason
from campaign.selection import Refusal, due
from campaign.store import customers
from campaign.store.census import census
from originator.select import DueCustomers
from tests.integration.conftest import Company

MARKS = (
    None, "", "0", "1", " 1", "1 ", "01", "1.0", "１", "2", "-1", "sí", "\x00", "\x01", "+1", "1\n",
)  # fmt: skip
DAYS = (
    None, "", "0", "1", "15", " 15", "15 ", "015", "15.0", "１５", "15\t", "31", "32", "22", "23",
    "quince", "15a", "1 5", "%s", "15\x00", "\u00a015",
)  # fmt: skip
MOMENTS = [
    datetime(2026, 11, 1, 15, tzinfo=UTC) + timedelta(days=days) for days in range(0, 120, 3)
]


@pytest.fixture
def hostile(company: Company) -> Iterator[Company]:
    """A table of texts in which every pair of fields occurs."""
    columns = ("outbound_call", "outbound_call_is_sent", "corte")
    for column in columns:
        company.sql(f"ALTER TABLE afiliados MODIFY {column} VARCHAR(20) NULL")
    rows = {
        *itertools.product(MARKS, ("0", "1", None, " 0"), ("15", "１５", None)),
        *itertools.product(("1", "１"), MARKS, ("15", "31")),
        *itertools.product(("1", " 1"), ("0", "0 "), DAYS),
    }
    with company.admin.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO afiliados ({', '.join(columns)}, telefono, activo)"  # noqa: S608
            " VALUES (%s, %s, %s, '3001234567', 1)",
            sorted(rows, key=str),
        )
        cursor.execute("UPDATE afiliados SET activo = 0 WHERE id % 10 = 0")
        cursor.execute(
            "INSERT INTO factura (`id-afiliado`, saldo) SELECT id, 10 FROM afiliados WHERE id % 3"
        )
    yield company
    company.sql("DELETE FROM afiliados")
    for column, kind in zip(
        columns,
        ("TINYINT NULL DEFAULT 0", "TINYINT NULL DEFAULT 0", "VARCHAR(10) NULL"),
        strict=True,
    ):
        company.sql(f"ALTER TABLE afiliados MODIFY {column} {kind}")


def one_by_one(company: Company, now: datetime) -> Counter[Reason | None]:
    """The reasons of all customers, each read and judged alone; None: he is due."""
    found: Counter[Reason | None] = Counter()
    for row in company.sql("SELECT id FROM afiliados"):
        read = customers.one(company.store.database, company.source, str(row["id"]))
        if read is None:
            found[Reason.OUTSIDE_CAMPAIGN] += 1
            continue
        verdict = due(read, company.campaign, now)
        found[verdict.reason if isinstance(verdict, Refusal) else None] += 1
    return found


def selected(company: Company, now: datetime) -> Counter[Reason | None]:
    found: Counter[Reason | None] = Counter()
    for page in DueCustomers(company.store, company.campaign).verdicts(now):
        found.update(page.reasons)
        found[None] += len(page.candidates)
    return found


def test_reasons_are_those_of_each_row_judged_alone(hostile: Company) -> None:
    (total,) = hostile.sql("SELECT COUNT(*) AS n FROM afiliados")
    for now in MOMENTS[:3]:
        found = selected(hostile, now)
        assert found == one_by_one(hostile, now)
        assert found.total() == total["n"]
    assert {Reason.NOT_FLAGGED, Reason.ALREADY_SENT, Reason.BAD_CUT_DAY, Reason.NOT_DUE} <= set(
        found
    )


def test_reasons_add_up_on_every_day(hostile: Company) -> None:
    (total,) = hostile.sql("SELECT COUNT(*) AS n FROM afiliados")
    assert {selected(hostile, now).total() for now in MOMENTS} == {total["n"]}


def test_text_that_looks_alike_is_not_one_group(hostile: Company) -> None:
    keys = [one.cut_day.octets for one in census(hostile.store.database, hostile.source)]
    assert {b"15", b" 15", b"15 ", "１５".encode(), b"015"} <= set(keys)
