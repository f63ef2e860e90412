"""The tables that a person reads."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from decimal import Decimal

from rich.table import Table

from campaign.eligibility import Candidate
from campaign.mask import mask_number, safe
from campaign.outcome import Outcome
from campaign.promise import Resolution
from campaign.reason import Reason


def outcomes_table(title: str, outcomes: Mapping[str, tuple[int, float]]) -> Table:
    """Outcome in both languages, whose doing, calls, share, time heard.

    ``outcomes``: by outcome, the calls and the seconds heard.
    """
    table = Table(title=title, title_justify="left")
    for name in ("outcome", "resultado", "whose doing"):
        table.add_column(name)
    for name in ("calls", "%", "heard"):
        table.add_column(name, justify="right")
    total = sum(calls for calls, _ in outcomes.values())
    for name, (calls, heard) in sorted(outcomes.items(), key=lambda item: -item[1][0]):
        share = f"{100 * calls / total:.0f}"
        outcome = Outcome(name)
        time = _duration(heard) if heard else ""
        table.add_row(name, outcome.spanish, outcome.outcome_class, str(calls), share, time)
    heard = sum(seconds for _, seconds in outcomes.values())
    table.add_section()
    table.add_row("all", "todas", "", str(total), "", _duration(heard))
    return table


def reasons_table(title: str, reasons: Mapping[Reason, int]) -> Table:
    """How many customers are not called, and why, in both languages."""
    table = Table(title=title, title_justify="left")
    table.add_column("customers", justify="right")
    table.add_column("why not")
    table.add_column("por qué no")
    for reason, count in sorted(reasons.items(), key=lambda item: -item[1]):
        table.add_row(str(count), reason.english, reason.spanish)
    return table


def first_calls_table(title: str, first: Sequence[Candidate], today: date) -> Table:
    """The calls that come first: customer, number, days to the cut and amount."""
    table = Table(title=title, title_justify="left")
    table.add_column("", justify="right")
    table.add_column("customer")
    table.add_column("number")
    table.add_column("day")
    table.add_column("in days", justify="right")
    table.add_column("owes", justify="right")
    for place, candidate in enumerate(first, 1):
        table.add_row(
            str(place),
            safe(candidate.customer_id, limit=24),
            mask_number(candidate.number.digits),
            f"{candidate.cut:%Y-%m-%d}",
            str((candidate.cut - today).days),
            f"{candidate.debt:.2f}",
        )
    return table


def promises_table(promises: Mapping[Resolution | None, tuple[int, Decimal]]) -> Table:
    """What came of promises to pay, in both languages, and what they are about."""
    table = Table(title_justify="left")
    table.add_column("promises to pay")
    table.add_column("promesas de pago")
    for name in ("promises", "owed then"):
        table.add_column(name, justify="right")
    for resolution, (count, amount) in promises.items():
        spanish = resolution.spanish if resolution else "pendiente"
        table.add_row(resolution or "open", spanish, str(count), f"{amount:.2f}")
    return table


def stop_table(english: str, spanish: str) -> Table:
    """Why a run made no more calls, in both languages."""
    table = Table(title_justify="left")
    table.add_column("why it stopped")
    table.add_column("por qué paró")
    table.add_row(english, spanish)
    return table


def _duration(seconds: float) -> str:
    return str(timedelta(seconds=round(seconds)))
