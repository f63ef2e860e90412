"""The company's table and column names, quoted for the statements of company.sql."""

from campaign.source import Source
from campaign.store.statements import statements


def quoted(identifier: str) -> str:
    """A name between backquotes; `campaign.file` has already refused anything unusual in it."""
    return "`" + identifier.replace("`", "``").replace("%", "%%") + "`"


def company_statement(name: str, source: Source, **fragments: str) -> str:
    """A statement of company.sql with the campaign's names in it."""
    names = {
        field: quoted(value)
        for field in (
            "customers", "customer_id", "flag", "sent", "attempts",
            "completed_at", "invoices", "invoice_customer", "invoice_balance", "invoice_closed",
        )
        if (value := getattr(source, field))
    }  # fmt: skip
    columns = {
        "phone": _column(source.phones[0]),
        "cut_day": _column(source.cut_day),
        "person": _column(source.person),
    }
    return statements("company.sql")[name].format(**names, **columns, **fragments)


def _column(name: str | None) -> str:
    """A column of the customer; NULL where the company has none."""
    return f"c.{quoted(name)}" if name else "NULL"


def conditions(source: Source) -> tuple[str, dict[str, object]]:
    """The campaign's extra conditions (``where``) as SQL and its values."""
    terms = [f"c.{quoted(column)} = %(where_{n})s" for n, column in enumerate(source.where)]
    values: dict[str, object] = {
        f"where_{n}": value for n, value in enumerate(source.where.values())
    }
    return " AND ".join(terms) or "TRUE", values
