"""Reads the company's customers with what they owe."""

from collections.abc import Iterator, Sequence

from campaign.eligibility import CustomerRow
from campaign.source import Source
from campaign.store.census import Group
from campaign.store.database import Database, Row, Transaction
from campaign.store.identifiers import column, company_statement, conditions, quoted
from campaign.store.spool import spooled


def ranking(
    database: Database, source: Source, places: Sequence[Sequence[Group]]
) -> Iterator[list[CustomerRow]]:
    """The customers of these groups by pages, in the order of campaign/order.py.

    ``places``: the groups of one day, then those of the next; at least one group. The rows are as
    they were when the iterator began: the server is done with them before the first page is handed
    over, so that a run of hours holds nothing of the company's tables.
    """
    where, values = conditions(source)
    place, days = _place(source, places)
    groups = [group for place in places for group in place]
    values |= days | {
        "source": source.customers,
        "flags": {group.flag.octets for group in groups},
        "sents": {group.sent.octets for group in groups},
    }
    sql = company_statement("ranking", source, conditions=where, place=place)
    pages = database.stream(sql, values)
    with spooled([_customer(row, source) for row in rows] for rows in pages) as kept:
        yield from kept


def _place(source: Source, places: Sequence[Sequence[Group]]) -> tuple[str, dict[str, object]]:
    """SQL that tells the place of a customer's day among ``places``, and its values."""
    if source.cut_day is None:
        return "0", {}
    days = [(place, group.cut_day) for place, groups in enumerate(places) for group in groups]
    whens = " ".join(f"WHEN %(day_{n})s THEN {place:d}" for n, (place, _) in enumerate(days))
    return (
        f"CASE CAST({column(source.cut_day)} AS BINARY) {whens} END",
        {f"day_{n}": day.octets for n, (_, day) in enumerate(days)},
    )


def read_again(transaction: Transaction, source: Source, customer_id: str) -> CustomerRow | None:
    """The customer as he stands now, inside the claim's transaction; None: no longer there."""
    where, values = conditions(source)
    this_one = f"c.{quoted(source.customer_id)} = %(customer_id)s"
    sql = company_statement("customer", source, conditions=where, which=this_one)
    rows = transaction.rows_sql(sql, {**values, "customer_id": customer_id})
    return _customer(rows[0], source) if rows else None


def one(database: Database, source: Source, customer_id: str) -> CustomerRow | None:
    """One customer; None: the company has none of this key, or the conditions leave him out."""
    with database.transaction() as transaction:
        return read_again(transaction, source, customer_id)


def _customer(row: Row, source: Source) -> CustomerRow:
    return CustomerRow(
        customer_id=str(row["customer_id"]),
        phones=tuple(row[f"phone_{place}"] for place in range(len(source.phones))),
        cut_day=row["cut_day"],
        flag=row["flag"],
        sent=row["sent"],
        debt=row["debt"],
        person=row["person"],
    )


def probe(database: Database, source: Source) -> None:
    """Touch no row, but raise StoreError where a table, a column or a right is missing.

    The write is tried too: its columns are first needed when the first call has ended.
    """
    where, values = conditions(source)
    sql = company_statement("customer", source, conditions=where, which="FALSE")
    with database.transaction() as transaction:
        transaction.rows_sql(sql, values)
        transaction.run_sql(
            company_statement("write_outcome", source),
            {"spent": 0, "delivered": False, "completed_at": None, "customer_id": None},
        )
