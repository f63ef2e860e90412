"""``originator status``: what is going on."""

import json

import click
from rich.console import Console
from rich.table import Table

from campaign.clock import SystemClock
from campaign.mask import mask_number
from campaign.store.times import from_database
from originator.lease import LEASE
from originator.wiring import store_alone


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(as_json: bool) -> None:
    """Show the last runs, and the attempts that are open."""
    store = store_alone()
    now = SystemClock().now()
    runs = store.reports.recent_runs()
    open_attempts = store.attempts.open()
    if as_json:
        attempts = [
            {
                "attempt": attempt.attempt_id,
                "run": attempt.run_id,
                "number": mask_number(attempt.number),
                "state": attempt.state,
                "claimed_at": attempt.claimed_at.isoformat(),
            }
            for attempt in open_attempts
        ]
        click.echo(json.dumps({"runs": runs, "open": attempts}, indent=2, default=str))
        return
    console = Console()
    table = Table("run", "campaign", "began (UTC)", "state", title="runs", title_justify="left")
    for run in runs:
        beat = from_database(run["heartbeat_at"])
        alive = beat is not None and now - beat < LEASE
        state = run["stop_reason"] or ("running" if alive else "died: the next run settles it")
        table.add_row(run["id"], run["campaign"], str(run["started_at"])[:19], state)
    console.print(table)
    console.print(f"{len(open_attempts)} attempts are open")
    for attempt in open_attempts:
        age = (now - attempt.claimed_at).total_seconds()
        number = mask_number(attempt.number)
        console.print(f"  {attempt.attempt_id} {number} {attempt.state} for {age:.0f} s")
