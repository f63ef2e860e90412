"""``originator run``: call everybody who is due."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click
from rich.console import Console

from campaign.clock import Clock, SystemClock
from campaign.file import Campaign, load
from campaign.hours import Closed, window
from campaign.store import Store
from originator.commands.campaign_argument import campaign_argument
from originator.exit_codes import ExitCode
from originator.interrupt import leave_at_once, to_the_end
from originator.progress import LogWatcher, TerminalWatcher, Watcher
from originator.select import DueCustomers
from originator.session import work
from originator.summary import Summary
from originator.tables import outcomes_table, reasons_table
from originator.wiring import store_and_ami


@click.command()
@campaign_argument
@click.option("--limit", type=click.IntRange(min=1), help="Make at most so many calls.")
@click.option("--json", "as_json", is_flag=True, help="Print what came of it for machines.")
def run(campaign_file: Path, limit: int | None, as_json: bool) -> None:
    """Call everybody who is due, and write down what came of every call.

    Ctrl-C or SIGTERM: no new calls, those that are up go on to their end. A second one ends at
    once; the next run settles what was left open.
    """
    campaign = load(campaign_file)
    store, ami, secret = store_and_ami()
    clock = SystemClock()
    _require_open_window(campaign, clock)
    with _watcher(as_json) as watcher:
        summary = to_the_end(
            work(campaign, DueCustomers(store, campaign), store, ami, secret, clock, watcher, limit)
        )
    if summary is None:
        leave_at_once()
    _show(summary, store, as_json)
    sys.exit(_exit_code(summary))


def _require_open_window(campaign: Campaign, clock: Clock) -> None:
    now = window(campaign.calling_hours, clock.now(), campaign.longest_call)
    if isinstance(now, Closed):
        opens = now.opens_at.astimezone(campaign.time_zone)
        click.echo(
            f"originator: no call may start now ({now.reason.english}); the next window opens"
            f" {opens:%A %Y-%m-%d %H:%M} ({campaign.time_zone.key})",
            err=True,
        )
        sys.exit(ExitCode.OUTSIDE_HOURS)


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
    console.print(outcomes_table(f"run {summary.run_id}: {summary.stop_reason}", outcomes))
    if summary.refusals:
        console.print(reasons_table("not called", summary.refusals))


def _exit_code(summary: Summary) -> ExitCode:
    if summary.stop_reason.startswith(("our_mistake", "originate_refused")):
        return ExitCode.OURS
    if summary.stop_reason in ("done", "limit_reached"):
        return ExitCode.DONE
    return ExitCode.STOPPED
