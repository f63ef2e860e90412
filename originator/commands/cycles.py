"""``originator cycles``: the cycles, and whom each left unreached."""

import csv
import json
import sys

import click
from rich.console import Console
from rich.table import Table

from campaign.store.migrate import require_current
from originator.wiring import store_alone


@click.command()
@click.argument("cycle", type=int, required=False)
@click.option("--csv", "as_csv", is_flag=True, help="The customers of CYCLE for a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def cycles(cycle: int | None, as_csv: bool, as_json: bool) -> None:
    """List the cycles; with the number CYCLE, the customers whom the one before did not reach.

    Each with the attempts that he had when the cycle was reset.
    """
    if as_csv and (as_json or cycle is None):
        raise click.UsageError("--csv lists the customers of one CYCLE, and not with --json")
    store = store_alone()
    require_current(store.database)
    if cycle is None:
        rows = store.cycles.all()
        columns = ["id", "source", "campaign", "started_at", "finished_at"]
        columns += ["customers_reset", "customers_archived"]
    else:
        rows = store.cycles.archived(cycle)
        columns = ["customer_id", "attempts"]
    if as_json:
        click.echo(json.dumps(rows, indent=2, default=str))
    elif as_csv:
        writer = csv.writer(sys.stdout)
        writer.writerows([columns, *([row[name] for name in columns] for row in rows)])
    else:
        table = Table(*columns)
        for row in rows:
            table.add_row(*("" if row[name] is None else str(row[name])[:19] for name in columns))
        Console().print(table)
