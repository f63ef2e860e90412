"""``originator history``: what one customer heard and did, call by call."""

import csv
import json
import sys
from collections.abc import Sequence
from operator import itemgetter

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaign.mask import mask_number, safe
from campaign.store.database import Row
from campaign.store.migrate import require_current
from originator.wiring import store_alone

_CALL = (
    *("attempt", "direction", "campaign", "called_at", "answered_at"),
    *("number", "outcome", "heard_seconds"),
)
_EVENT = ("at_seconds", "kind", "detail")


@click.command()
@click.argument("customer")
@click.option("--csv", "as_csv", is_flag=True, help="A line for each event, for a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def history(customer: str, as_csv: bool, as_json: bool) -> None:
    """List every call to CUSTOMER (his key in the company's table), and his own where he rang back,
    with what he heard and pressed.

    Each part with the seconds heard, each key with the second at which it came, and which way the
    call went. Times are UTC, numbers are masked.
    """
    if as_csv and as_json:
        raise click.UsageError("choose one of --csv and --json")
    store = store_alone()
    require_current(store.database)
    calls = [
        {**call, "direction": direction, "number": mask_number(call["number"])}
        for direction, found in (
            ("to", store.reports.calls_to(customer)),
            ("from", store.reports.calls_back_of(customer)),
        )
        for call in found
    ]
    calls.sort(key=itemgetter("called_at"))
    if as_json:
        click.echo(json.dumps(calls, indent=2, default=str))
    elif as_csv:
        _write_csv(calls)
    else:
        console = Console()
        for call in calls:
            click.echo(_title(call))
            console.print(_table(call))
        click.echo(f"{len(calls)} {'call' if len(calls) == 1 else 'calls'}")


def _write_csv(calls: Sequence[Row]) -> None:
    writer = csv.writer(sys.stdout)
    writer.writerow([*_CALL, *_EVENT])
    for call in calls:
        for event in call["events"] or [dict.fromkeys(_EVENT)]:
            writer.writerow([*(call[name] for name in _CALL), *(event[name] for name in _EVENT)])


def _title(call: Row) -> str:
    heard = "" if call["heard_seconds"] is None else f", {call['heard_seconds']} s of the message"
    return (
        f"{str(call['called_at'])[:19]} UTC {call['direction']} {call['number']},"
        f" {safe(call['campaign'] or '')}: {call['outcome'] or call['state']}{heard}"
    )


def _table(call: Row) -> Table:
    table = Table()
    table.add_column("second", justify="right")
    table.add_column("what")
    table.add_column("detail")
    for event in call["events"]:
        table.add_row(str(event["at_seconds"]), event["kind"], escape(safe(event["detail"], 120)))
    return table
