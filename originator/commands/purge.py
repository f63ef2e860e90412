"""``originator purge``: personal data are kept no longer than needed (Ley 1581 de 2012)."""

import json
import re
from datetime import timedelta

import click

from campaign.clock import SystemClock
from campaign.store.migrate import require_current
from campaign.store.purge import Old
from originator.wiring import store_alone

LEAST_DAYS = 62
"""Two months: the rules look back over a cycle."""


class Days(click.ParamType[timedelta]):
    """A number of days, as 400d."""

    name = "days"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> timedelta:
        """From 62d to 99999d."""
        found = re.fullmatch(r"([0-9]{1,5})d", str(value))
        if found is None or int(found[1]) < LEAST_DAYS:
            self.fail(f"days from {LEAST_DAYS}d up, as 400d: the rules need two months", param, ctx)
        return timedelta(days=int(found[1]))


@click.command()
@click.option("--older-than", "age", type=Days(), required=True, help="Days, as 400d.")
@click.option("--yes", is_flag=True, help="Do it; without it, only say what would be removed.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def purge(age: timedelta, yes: bool, as_json: bool) -> None:
    """Remove attempts with their notes, runs, archived customers, promises, the numbers that are
    not a customer's and calls of customers who rang back, where they are older.

    Attempts that are not settled stay, and so do bad numbers and numbers that are not to be
    called. What is removed no longer counts for attempts_in_all.
    """
    store = store_alone()
    require_current(store.database)
    before = SystemClock().now() - age
    old = store.purge.count(before)
    if yes:
        store.purge.remove(before)
    if as_json:
        click.echo(json.dumps({"done": yes, "before": before.isoformat()} | vars(old), indent=2))
        return
    click.echo(
        f"{'removed' if yes else 'would be removed'}, older than {before:%Y-%m-%d %H:%M} UTC:"
    )
    _say(old)
    if not yes:
        click.echo("nothing was changed; --yes does it")


def _say(old: Old) -> None:
    click.echo(f"  {old.attempts} attempts with {old.notes} notes")
    click.echo(f"  {old.runs} runs")
    click.echo(f"  {old.archived_customers} archived customers of earlier cycles")
    click.echo(f"  {old.promises} promises to pay")
    click.echo(f"  {old.wrong_numbers} numbers that are not a customer's")
    click.echo(f"  {old.inbound_calls} calls of customers who rang back")
    if old.left_open:
        click.echo(f"{old.left_open} older attempts are not settled and stay: `originator settle`")
