"""``originator status``: what is going on."""

import json
from datetime import datetime

import click
from rich.console import Console
from rich.table import Table

from campaign.clock import SystemClock
from campaign.mask import mask_number
from campaign.store.attempts import OpenAttempt
from originator.run_state import run_state
from originator.trunk_watch import why_troubled
from originator.why_open import why_open
from originator.wiring import store_alone


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def status(as_json: bool) -> None:
    """Show the last runs, trunks in trouble, and the attempts that are open with the reason."""
    store = store_alone()
    now = SystemClock().now()
    runs = [(run, run_state(run)) for run in store.reports.recent_runs()]
    open_attempts = store.attempts.open()
    troubled = store.trunks.troubled()
    if as_json:
        attempts = [_for_machines(attempt, now) for attempt in open_attempts]
        told = {
            "runs": [run | {"state": state.state} for run, state in runs],
            "troubled_trunks": {name: vars(health) for name, health in troubled.items()},
            "open": attempts,
        }
        click.echo(json.dumps(told, indent=2, default=str))
        return
    console = Console()
    table = Table("run", "campaign", "began (UTC)", "state", title="runs", title_justify="left")
    for run, state in runs:
        table.add_row(run["id"], run["campaign"], str(run["started_at"])[:19], state.english)
    console.print(table)
    for name, health in troubled.items():
        click.echo(f"trunk {why_troubled(name, health)}")
    console.print(f"{len(open_attempts)} attempts are open")
    for attempt in open_attempts:
        number = mask_number(attempt.number)
        click.echo(f"  {attempt.attempt_id} {number} {why_open(attempt, now)}")


def _for_machines(attempt: OpenAttempt, now: datetime) -> dict[str, object]:
    return {
        "attempt": attempt.attempt_id,
        "run": attempt.run_id,
        "number": mask_number(attempt.number),
        "state": attempt.state,
        "claimed_at": attempt.claimed_at.isoformat(),
        "deadline_at": attempt.deadline_at.isoformat() if attempt.deadline_at else None,
        "why": why_open(attempt, now),
    }
