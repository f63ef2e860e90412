"""``originator report``: what came of a run."""

import json
import sys

import click
from rich.console import Console

from campaign.store.times import from_database
from originator.exit_codes import ExitCode
from originator.tables import outcomes_table
from originator.wiring import store_alone


@click.command()
@click.option("--run", "run_id", help="The run's id, as `status` shows it; default: the last one.")
@click.option("--json", "as_json", is_flag=True, help="Every attempt, for machines.")
def report(run_id: str | None, as_json: bool) -> None:
    """Show what came of the calls of a run."""
    reports = store_alone().reports
    run_id = run_id or reports.latest_run()
    run = reports.run(run_id) if run_id else None
    if run_id is None or run is None:
        click.echo("originator: there is no such run; `originator status` lists them", err=True)
        sys.exit(ExitCode.FAILED)
    if as_json:
        data = {"run": run, "attempts": reports.attempts(run_id)}
        click.echo(json.dumps(data, indent=2, default=str))
        return
    outcomes = {
        row["outcome"]: (row["calls"], row["heard_seconds"]) for row in reports.outcomes(run_id)
    }
    console = Console()
    began = from_database(run["started_at"])
    console.print(
        f"run {run_id} of {run['campaign']}, began {began:%Y-%m-%d %H:%M} UTC,"
        f" {run['stop_reason'] or 'still going on'}"
    )
    console.print(outcomes_table("", outcomes))
    still_open = {s: n for s, n in reports.states(run_id).items() if s not in ("ended", "released")}
    for state, count in still_open.items():
        console.print(f"{count} attempts are still {state}")
