"""``originator run``: call everybody who is due."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from campaign.clock import SteadyClock, SystemClock
from campaign.file import Campaign, load
from campaign.hours import Open
from campaign.store import Store
from originator.commands.campaign_argument import campaign_argument
from originator.exit_codes import ExitCode
from originator.interrupt import leave_at_once, to_the_end
from originator.opening import opening, sentence, wait_for_opening
from originator.progress import LogWatcher, TerminalWatcher, Watcher
from originator.select import DueCustomers
from originator.session import work
from originator.stop_reason import in_words
from originator.summary import Summary
from originator.tables import outcomes_table, reasons_table, stop_table
from originator.wiring import store_and_ami


@click.command()
@campaign_argument
@click.option("--limit", type=click.IntRange(min=1), help="Make at most so many calls.")
@click.option("--wait", is_flag=True, help="Outside the hours: wait until they begin.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it for machines.")
def run(campaign_file: Path, limit: int | None, wait: bool, as_json: bool) -> None:
    """Call everybody who is due, and write down what came of every call.

    Outside the hours it calls nobody, says when they begin and ends with code 3; with --wait it
    waits for them. It makes its last call so early that none is up when they end.

    Ctrl-C or SIGTERM: no new calls, those that are up go on to their end. A second one ends at
    once; the next run settles what was left open.
    """
    campaign = load(campaign_file)
    store, ami, secret = store_and_ami()
    _enter_window(campaign, wait=wait)
    clock = SteadyClock()
    with _watcher(as_json) as watcher:
        summary = to_the_end(
            work(campaign, DueCustomers(store, campaign), store, ami, secret, clock, watcher, limit)
        )
    if summary is None:
        leave_at_once()
    _show(summary, store, as_json)
    sys.exit(summary.stop_reason.exit_code)


def _enter_window(campaign: Campaign, *, wait: bool) -> None:
    """Return when a call may start; otherwise exit with the reason."""
    verdict = opening(campaign, SystemClock().now())
    if isinstance(verdict, Open):
        return
    said = sentence(campaign, verdict)
    if not wait:
        click.echo(f"originator: {said}", err=True)
        sys.exit(ExitCode.OUTSIDE_HOURS)
    click.echo(f"originator: {said}: waiting for it", err=True)
    if not wait_for_opening(campaign, SystemClock()):
        click.echo("originator: stopped while it waited; nobody was called", err=True)
        sys.exit(ExitCode.STOPPED)


@contextmanager
def _watcher(as_json: bool) -> Iterator[Watcher]:
    console = Console(stderr=as_json)
    if console.is_terminal:
        with TerminalWatcher(console) as terminal:
            yield terminal
    else:
        yield LogWatcher()


def _show(summary: Summary, store: Store, as_json: bool) -> None:
    rows = store.reports.outcomes(summary.run_id)
    outcomes = {row["outcome"]: (row["calls"], row["heard_seconds"]) for row in rows}
    if as_json:
        click.echo(
            json.dumps(
                {
                    "run": summary.run_id,
                    "stop_reason": summary.stop_reason,
                    "stop_detail": summary.stop_detail,
                    "customers": summary.customers,
                    "calls": summary.calls,
                    "outcomes": {name: calls for name, (calls, _) in outcomes.items()},
                    "skipped": dict(summary.refusals),
                },
                indent=2,
            )
        )
        return
    console = Console()
    console.print(outcomes_table(f"run {summary.run_id}", outcomes))
    console.print(stop_table(*in_words(summary.stopped)))
    if summary.refusals:
        console.print(reasons_table("not called", summary.refusals))
