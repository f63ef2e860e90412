"""``originator report``: what came of a run."""

import json
import sys

import click
from rich.console import Console

from campaign.store.times import from_database
from originator.exit_codes import ExitCode
from originator.run_state import run_state
from originator.tables import outcomes_table, promises_table, stop_table
from originator.wiring import store_alone


@click.command()
@click.option("--run", "run_id", help="The run's id, as `status` shows it; default: the last one.")
@click.option("--json", "as_json", is_flag=True, help="Every attempt, for machines.")
def report(run_id: str | None, as_json: bool) -> None:
    """Show what came of the calls of a run, and why it stopped."""
    store = store_alone()
    reports = store.reports
    run_id = run_id or reports.latest_run()
    run = reports.run(run_id) if run_id else None
    if run_id is None or run is None:
        click.echo("originator: there is no such run; `originator status` lists them", err=True)
        sys.exit(ExitCode.FAILED)
    stands = run_state(run)
    promises = store.promises.of_run(run_id)
    if as_json:
        words = {"state": stands.state, "why": stands.english, "por_que": stands.spanish}
        data = {
            "run": run | words,
            "attempts": reports.attempts(run_id),
            "promises": {name or "open": n for name, (n, _) in promises.items()},
        }
        click.echo(json.dumps(data, indent=2, default=str))
        return
    outcomes = {
        row["outcome"]: (row["calls"], row["heard_seconds"]) for row in reports.outcomes(run_id)
    }
    console = Console()
    began = from_database(run["started_at"])
    console.print(f"run {run_id} of {run['campaign']}, began {began:%Y-%m-%d %H:%M} UTC")
    console.print(outcomes_table("", outcomes))
    if promises:
        console.print(promises_table(promises))
    console.print(stop_table(stands.english, stands.spanish))
    still_open = {s: n for s, n in reports.states(run_id).items() if s not in ("ended", "released")}
    for state, count in still_open.items():
        console.print(f"{count} attempts are still {state}")
