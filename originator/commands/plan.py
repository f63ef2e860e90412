"""``originator plan``: who would be called now, and who not, and why."""

import json
from collections import Counter
from pathlib import Path

import click
from rich.console import Console

from campaign.clock import SystemClock
from campaign.eligibility import Candidate
from campaign.file import load
from campaign.reason import Reason
from campaign.store import customers
from originator.commands.campaign_argument import campaign_argument
from originator.preflight import check_database
from originator.select import DueCustomers
from originator.tables import reasons_table
from originator.wiring import store_alone


@click.command()
@campaign_argument
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def plan(campaign_file: Path, as_json: bool) -> None:
    """Say who would be called now, who not, and why. Calls nobody."""
    campaign = load(campaign_file)
    store = store_alone()
    clock = SystemClock()
    check_database(store, campaign.source, clock)
    to_call: list[str] = []
    reasons: Counter[Reason] = Counter()
    for page in DueCustomers(store, campaign).verdicts(clock.now()):
        for verdict in page:
            if isinstance(verdict, Candidate):
                to_call.append(verdict.customer_id)
            else:
                reasons[verdict.reason] += 1
    total = customers.count(store.database, campaign.source)
    if (outside := total - len(to_call) - reasons.total()) > 0:
        reasons[Reason.OUTSIDE_CAMPAIGN] = outside
    if as_json:
        click.echo(
            json.dumps(
                {"customers": total, "selected": to_call, "skipped": dict(reasons)}, indent=2
            )
        )
        return
    console = Console()
    console.print(f"{len(to_call)} of {total} customers would be called now")
    if reasons:
        console.print(reasons_table(f"{reasons.total()} would not", reasons))
