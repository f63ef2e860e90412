"""Reads the company's customers with what they owe."""

from collections.abc import Collection, Iterator

from campaign.eligibility import CustomerRow
from campaign.source import Source
from campaign.store.database import Database, Row, Transaction
from campaign.store.identifiers import company_statement, conditions, quoted

PAGE = 500


def pages(database: Database, source: Source) -> Iterator[list[CustomerRow]]:
    """All customers that the campaign's conditions leave, in the order of their keys, by pages.

    A page is a transaction of its own: a run of hours holds no snapshot of the company's tables.
    """
    after: object = None
    while True:
        with database.transaction() as transaction:
            rows = _select(transaction, source, after)
        if rows:
            after = rows[-1]["customer_id"]
            yield [customer_row(row, source) for row in rows]
        if len(rows) < PAGE:
            return


def read_again(transaction: Transaction, source: Source, customer_id: str) -> CustomerRow | None:
    """The customer as he stands now, inside the claim's transaction; None: no longer there."""
    where, values = conditions(source)
    this_one = f"c.{quoted(source.customer_id)} = %(customer_id)s"
    sql = company_statement("customers", source, conditions=where, page=this_one)
    rows = transaction.rows_sql(sql, {**values, "customer_id": customer_id, "limit": 1})
    return customer_row(rows[0], source) if rows else None


def open_invoices(transaction: Transaction, source: Source, customer_id: str) -> int:
    """How many invoices of the customer are open."""
    _, values = conditions(source)
    sql = company_statement("open_invoices", source)
    return int(transaction.rows_sql(sql, {**values, "customer_id": customer_id})[0]["invoices"])


def one(database: Database, source: Source, customer_id: str) -> CustomerRow | None:
    """One customer; None: the company has none of this key, or the conditions leave him out."""
    with database.transaction() as transaction:
        return read_again(transaction, source, customer_id)


def these(
    transaction: Transaction, source: Source, customer_ids: Collection[str]
) -> dict[str, CustomerRow]:
    """Some customers by their keys, whether or not they meet the campaign's conditions."""
    _, values = conditions(source)
    page = f"c.{quoted(source.customer_id)} IN %(customer_ids)s"
    sql = company_statement("customers", source, conditions="TRUE", page=page)
    more = {"customer_ids": list(customer_ids), "limit": len(customer_ids)}
    rows = transaction.rows_sql(sql, values | more)
    return {row.customer_id: row for row in (customer_row(each, source) for each in rows)}


def _select(transaction: Transaction, source: Source, after: object) -> list[Row]:
    where, values = conditions(source)
    page = "TRUE" if after is None else f"c.{quoted(source.customer_id)} > %(after)s"
    sql = company_statement("customers", source, conditions=where, page=page)
    return transaction.rows_sql(sql, {**values, "after": after, "limit": PAGE})


def customer_row(row: Row, source: Source) -> CustomerRow:
    """A row of `customers` or `ranking`."""
    return CustomerRow(
        customer_id=str(row["customer_id"]),
        phones=tuple(row[f"phone_{place}"] for place in range(len(source.phones))),
        cut_day=row["cut_day"],
        flag=row["flag"],
        sent=row["sent"],
        debt=row["debt"],
        person=row["person"],
        invoices=row["invoices"],
    )


def probe(database: Database, source: Source) -> None:
    """Touch no row, but raise StoreError where a table, a column or a right is missing.

    The write is tried too: its columns are first needed when the first call has ended.
    """
    where, values = conditions(source)
    sql = company_statement("customers", source, conditions=where, page="FALSE")
    with database.transaction() as transaction:
        transaction.rows_sql(sql, {**values, "limit": 1})
        transaction.run_sql(
            company_statement("write_outcome", source),
            {"spent": 0, "delivered": False, "completed_at": None, "customer_id": None},
        )
