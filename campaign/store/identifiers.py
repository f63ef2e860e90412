"""The company's table and column names, quoted for the statements of company.sql."""

from collections.abc import Mapping

from campaign.source import Source
from campaign.store.statements import statements

_NAMES = (
    "customers", "customer_id", "flag", "sent", "attempts", "completed_at", "invoices",
    "invoice_customer", "invoice_balance",
)  # fmt: skip


def quoted(identifier: str) -> str:
    """A name between backquotes; `campaign.source` has already refused anything unusual in it."""
    return "`" + identifier.replace("`", "``").replace("%", "%%") + "`"


def company_statement(name: str, source: Source, **fragments: str) -> str:
    """A statement of company.sql with the campaign's names in it."""
    texts = statements("company.sql")
    names = {each: quoted(getattr(source, each)) for each in _NAMES} | {
        "phones": ", ".join(
            f"{column(name)} AS phone_{place}" for place, name in enumerate(source.phones)
        ),
        "phone_names": ", ".join(f"phone_{place}" for place in range(len(source.phones))),
        "cut_day": column(source.cut_day),
        "person": column(source.person),
        "invoice_conditions": _invoice_conditions(source),
        "due_dates": "NULL",
    }
    if source.invoice_due_date:
        names["invoice_due_date"] = quoted(source.invoice_due_date)
        names["due_dates"] = texts["due_dates"].format(**names)
    return texts[name].format(**names, **fragments)


def conditions(source: Source) -> tuple[str, dict[str, object]]:
    """The extra conditions on a customer (``where``) as SQL, and the values of all conditions."""
    values: dict[str, object] = {
        f"{prefix}_{place}": value
        for prefix, where in (("where", source.where), ("invoice_where", source.invoice_where))
        for place, value in enumerate(where.values())
    }
    return _terms("c", source.where, "where") or "TRUE", values


def _invoice_conditions(source: Source) -> str:
    is_open = f"i.{quoted(source.invoice_closed)} = 0" if source.invoice_closed else ""
    terms = (is_open, _terms("i", source.invoice_where, "invoice_where"))
    return " AND ".join(filter(None, terms)) or "TRUE"


def _terms(table: str, where: Mapping[str, int | str], prefix: str) -> str:
    return " AND ".join(
        f"{table}.{quoted(column)} = %({prefix}_{place})s" for place, column in enumerate(where)
    )


def column(name: str | None) -> str:
    """A column of the customer; NULL where the company has none."""
    return f"c.{quoted(name)}" if name else "NULL"
