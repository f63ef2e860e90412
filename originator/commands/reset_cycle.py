"""``originator reset-cycle``: the beginning of a month."""

import json
from datetime import datetime
from pathlib import Path

import click

from campaign.clock import SystemClock
from campaign.errors import OverdueError
from campaign.file import Campaign, load
from campaign.store import Store
from campaign.store.cycles import LatestCycle, ResetCounts
from originator.commands.campaign_argument import campaign_argument
from originator.preflight import check_database
from originator.wiring import store_alone


class ResetError(OverdueError):
    """The cycle cannot be reset now."""


@click.command("reset-cycle")
@campaign_argument
@click.option("--yes", is_flag=True, help="Do it; without it, only say what would change.")
@click.option("--again", is_flag=True, help="Also when it was done this month already.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def reset_cycle(campaign_file: Path, yes: bool, again: bool, as_json: bool) -> None:
    """Begin a new cycle: everybody may be called again, and the budgets of attempts begin anew.

    Sets outbound_call_is_sent and outbound_call_attempts to 0 and outbound_call_completed_at to
    NULL for the customers of the campaign. outbound_call is the company's word and stays. Whom the
    old cycle did not reach is archived first (`originator cycles`). It works in small
    transactions: interrupt it at will, and the next `reset-cycle --yes` goes on.
    """
    campaign = load(campaign_file)
    store = store_alone()
    now = SystemClock().now()
    check_database(store, campaign.source, SystemClock())
    if not yes:
        _say(store.cycles.survey(campaign.source), campaign, as_json, done=False)
        return
    _require_settled(store, campaign)
    latest = store.cycles.latest(campaign.source)
    if latest is not None and latest.finished_at is None:
        cycle_id = latest.cycle_id  # it was interrupted
    else:
        _require_new_month(latest, campaign, now, again=again)
        cycle_id = store.cycles.begin(campaign.source, campaign.name, now)
    total = ResetCounts()
    while (page := store.cycles.reset_page(cycle_id, campaign.source, now)) is not None:
        total = ResetCounts(
            total.customers + page.customers,
            total.reset + page.reset,
            total.unfinished + page.unfinished,
        )
    _say(total, campaign, as_json, done=True)


def _require_settled(store: Store, campaign: Campaign) -> None:
    """The end of a call writes the columns that are reset."""
    if open_attempts := store.cycles.open_attempts(campaign.source):
        raise ResetError(
            f"{open_attempts} calls to customers of {campaign.source.customers} are not settled:"
            " wait for the run to end, or run `originator settle` first"
        )


def _require_new_month(
    latest: LatestCycle | None, campaign: Campaign, now: datetime, *, again: bool
) -> None:
    if latest is None or again:
        return
    began, today = (each.astimezone(campaign.time_zone) for each in (latest.started_at, now))
    if (began.year, began.month) == (today.year, today.month):
        raise ResetError(
            f"the cycle of {campaign.source.customers} was reset this month already, on"
            f" {began:%Y-%m-%d %H:%M}; --again does it once more"
        )


def _say(counts: ResetCounts, campaign: Campaign, as_json: bool, *, done: bool) -> None:
    if as_json:
        click.echo(json.dumps({"done": done} | vars(counts), indent=2))
        return
    source = campaign.source
    will = "were" if done else "would be"
    click.echo(f"{counts.customers} customers of {source.customers} belong to {campaign.name}")
    click.echo(
        f"{counts.reset} {will} reset: {source.sent} and {source.attempts} to 0,"
        f" {source.completed_at} to NULL"
    )
    click.echo(f"{counts.unfinished} whom this cycle did not reach {will} archived")
    if not done:
        click.echo("nothing was changed; --yes does it")
