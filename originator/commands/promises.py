"""``originator promises``: who promised to pay, and whether he did."""

import csv
import json
import sys
from collections import Counter
from pathlib import Path

import click

from campaign.clock import SystemClock
from campaign.file import load
from campaign.mask import safe
from campaign.store.promises import Judged
from originator.commands.campaign_argument import campaign_argument
from originator.commands.numbers import cell
from originator.preflight import check_database
from originator.wiring import store_alone

OPEN = "open"


@click.command()
@campaign_argument
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def promises(campaign_file: Path, as_csv: bool, as_json: bool) -> None:
    """List the promises to pay of the customers of CAMPAIGN.yaml, newest first.

    First reads the invoices of those that are open: who owes nothing any more has kept his promise,
    who still owes when his time is over has broken it. `originator run` does so too.
    """
    if as_csv and as_json:
        raise click.UsageError("choose one of --csv and --json")
    campaign = load(campaign_file)
    store = store_alone()
    clock = SystemClock()
    check_database(store, campaign.source, clock)
    store.promises.judge_open(campaign.source, campaign.due, clock.now())
    found = store.promises.all(campaign.source.customers)
    if as_json:
        click.echo(json.dumps([_fields(each) for each in found], indent=2))
    elif as_csv:
        _write_csv(found)
    else:
        for each in found:
            click.echo("  ".join(_fields(each).values()))
        counts = Counter(each.resolution or OPEN for each in found)
        words = ", ".join(f"{counts[name]} {name}" for name in (OPEN, "kept", "broken"))
        click.echo(f"{len(found)} promises: {words}")


def _fields(judged: Judged) -> dict[str, str]:
    promise, resolution = judged.promise, judged.resolution
    return {
        "customer": safe(promise.customer_id),
        "promised_on": f"{promise.made_on}",
        "promised_day": f"{promise.day}",
        "amount": f"{promise.amount:.2f}",
        "state": resolution or OPEN,
        "estado": resolution.spanish if resolution else "pendiente",
        "resolved_at": judged.resolved_at.isoformat(timespec="seconds")
        if judged.resolved_at
        else "",
    }


def _write_csv(found: list[Judged]) -> None:
    writer = csv.DictWriter(
        sys.stdout,
        ["customer", "promised_on", "promised_day", "amount", "state", "estado", "resolved_at"],
    )
    writer.writeheader()
    for each in found:
        fields = _fields(each)
        writer.writerow(fields | {"customer": cell(fields["customer"])})
