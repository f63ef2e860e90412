"""``originator call-backs``: who wanted to talk to somebody when nobody was there."""

import csv
import json
import sys
from datetime import timedelta
from pathlib import Path

import click

from campaign.clock import SystemClock
from campaign.file import load
from campaign.mask import safe
from campaign.store.talks import CallBack
from originator.commands.campaign_argument import campaign_argument
from originator.commands.numbers import cell
from originator.preflight import check_database
from originator.wiring import store_alone


@click.command("call-backs")
@campaign_argument
@click.option("--days", default=7, show_default=True, type=click.IntRange(1, 3650), help="So far.")
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def call_backs(campaign_file: Path, days: int, as_csv: bool, as_json: bool) -> None:
    """List the customers of CAMPAIGN.yaml who pressed the key for a person when nobody was there.

    Numbers stand here in full: they are to be called back.
    """
    if as_csv and as_json:
        raise click.UsageError("choose one of --csv and --json")
    campaign = load(campaign_file)
    store = store_alone()
    clock = SystemClock()
    check_database(store, campaign.source, clock)
    since = clock.now() - timedelta(days=days)
    found = store.talks.call_backs(campaign.source.customers, since)
    rows = [_fields(each) for each in found]
    if as_json:
        click.echo(json.dumps(rows, indent=2))
    elif as_csv:
        writer = csv.DictWriter(sys.stdout, ["customer", "number", "at", "why"])
        writer.writeheader()
        writer.writerows(row | {"customer": cell(row["customer"])} for row in rows)
    else:
        for row in rows:
            click.echo("  ".join(row.values()))
        click.echo(f"{len(rows)} to be called back")


def _fields(wish: CallBack) -> dict[str, str]:
    return {
        "customer": safe(wish.customer_id),
        "number": wish.number,
        "at": wish.at.isoformat(timespec="seconds"),
        "why": wish.why,
    }
