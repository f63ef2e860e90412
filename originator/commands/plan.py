"""``originator plan``: who would be called, in which order, until when, and who not, and why."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import click
from rich.console import Console

from campaign.clock import SystemClock
from campaign.eligibility import Candidate
from campaign.file import Campaign, load
from campaign.forecast import USUAL_SECONDS, Forecast, forecast
from campaign.hours import Closed
from campaign.persons import Persons
from campaign.reason import Reason
from campaign.store import Store
from originator.commands.campaign_argument import campaign_argument
from originator.forecast_words import sentences
from originator.preflight import check_database
from originator.select import DueCustomers
from originator.tables import first_calls_table, reasons_table
from originator.wiring import store_alone

_MOMENT = "%Y-%m-%d %H:%M"


@click.command()
@campaign_argument
@click.option(
    "--at",
    type=click.DateTime([_MOMENT]),
    help='Another moment, in the campaign\'s time zone: "2026-12-08 09:00".',
)
@click.option(
    "--rows",
    type=click.IntRange(min=0),
    default=20,
    show_default=True,
    help="Show so many of the first calls.",
)
@click.option("--json", "as_json", is_flag=True, help="For machines: all keys, in order.")
def plan(campaign_file: Path, at: datetime | None, rows: int, as_json: bool) -> None:
    """Say who would be called, in which order, until when, and who not, and why. Calls nobody.

    At another moment the hours and days of that moment count, and the calls made until today.
    """
    campaign = load(campaign_file)
    store = store_alone()
    clock = SystemClock()
    check_database(store, campaign.source, clock)
    now = at.replace(tzinfo=campaign.time_zone) if at else clock.now()
    held = store.reports.held_seconds(campaign.trunks[0].label)
    planned = _Plan(store, campaign, now)
    if as_json:
        _print_json(planned, campaign, held)
    else:
        _print_tables(planned, campaign, rows, held)


class _Plan:
    """Goes through all customers once; the counts are complete at its end."""

    def __init__(self, store: Store, campaign: Campaign, now: datetime) -> None:
        self.now = now
        self.reasons: Counter[Reason] = Counter()
        self.calls = 0
        self._selection = DueCustomers(store, campaign)
        self._persons = Persons()

    def candidates(self) -> Iterator[Candidate]:
        """Who would be called, in order."""
        with Console(stderr=True).status("reading the customers") as status:
            for page in self._selection.verdicts(self.now):
                self.reasons += page.reasons
                for candidate in page.candidates:
                    if self._persons.is_new(candidate):
                        self.calls += 1
                        yield candidate
                    else:
                        self.reasons[Reason.SAME_PERSON] += 1
                status.update(f"{self.customers} customers judged")

    @property
    def customers(self) -> int:
        """How many have been judged."""
        return self.calls + self.reasons.total()


def _print_json(planned: _Plan, campaign: Campaign, held: float | None) -> None:
    """One object, written as the customers are read: nobody has to hold a million keys."""
    click.echo('{"selected": [', nl=False)
    for place, candidate in enumerate(planned.candidates()):
        click.echo(f"{',' if place else ''}\n{json.dumps(candidate.customer_id)}", nl=False)
    expected = forecast(planned.calls, campaign, planned.now, held or USUAL_SECONDS)
    rest = {
        "customers": planned.customers,
        "calls": planned.calls,
        "skipped": dict(planned.reasons),
        "at": planned.now.astimezone(campaign.time_zone).isoformat(),
        "forecast": _for_machines(expected, campaign),
    }
    click.echo(f"],\n{json.dumps(rest, indent=2)[2:]}")


def _for_machines(expected: Forecast, campaign: Campaign) -> dict[str, object]:
    closed = isinstance(expected.opening, Closed)
    ends_at = expected.ends_at and expected.ends_at.astimezone(campaign.time_zone)
    return {
        "closed_because": expected.opening.reason if isinstance(expected.opening, Closed) else None,
        "starts_at": expected.starts_at.astimezone(campaign.time_zone).isoformat(),
        "minutes": round(expected.calling.total_seconds() / 60, 1),
        "ends_at": ends_at.isoformat() if ends_at else None,
        "in_this_window": not closed and expected.days <= 1 and ends_at is not None,
        "days": expected.days,
    }


def _print_tables(planned: _Plan, campaign: Campaign, rows: int, held: float | None) -> None:
    first: list[Candidate] = []
    for candidate in planned.candidates():
        if len(first) < rows:
            first.append(candidate)
    console = Console()
    console.print(f"{planned.calls} of {planned.customers} customers would be called")
    if first:
        today = planned.now.astimezone(campaign.time_zone).date()
        console.print(first_calls_table(f"the first {len(first)}, in order", first, today))
    expected = forecast(planned.calls, campaign, planned.now, held or USUAL_SECONDS)
    for sentence in sentences(expected, campaign, held):
        console.print(sentence, soft_wrap=True)
    if planned.reasons:
        console.print(reasons_table(f"{planned.reasons.total()} would not", planned.reasons))
