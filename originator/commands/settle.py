"""``originator settle``: settle what was left open, and say why."""

import asyncio
import json
import sys
from pathlib import Path

import click

from campaign.clock import SystemClock
from campaign.file import load
from campaign.mask import mask_number, safe
from originator.commands.campaign_argument import campaign_argument
from originator.exit_codes import ExitCode
from originator.settler import Decision
from originator.settling import Settling, settle_open
from originator.wiring import store_and_ami


@click.command()
@campaign_argument
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def settle(campaign_file: Path, as_json: bool) -> None:
    """Settle the attempts that runs which are over left open; calls nobody.

    Each decision is explained: what the evidence was, or why it has to wait. Ends with code 0 when
    nothing is left open, with 4 when something has to wait. FastAGI may be away.
    """
    campaign = load(campaign_file)
    store, ami, secret = store_and_ami()
    done = asyncio.run(settle_open(campaign, store, ami, secret, SystemClock()))
    if as_json:
        click.echo(json.dumps(_for_machines(done), indent=2))
    else:
        _show(done)
    sys.exit(ExitCode.STOPPED if done.left_open else ExitCode.DONE)


def _show(done: Settling) -> None:
    for decision in done.decisions:
        click.echo(_sentence(decision))
    settled = len(done.decisions) - len(done.left_open)
    click.echo(f"{settled} attempts settled, {len(done.left_open)} left open")
    if done.fastagi != "ok":
        click.echo(
            f"FastAGI is away ({done.fastagi}): the {len(done.journal)} entries of the PBX's"
            " journal stay until the server is back and a run or `settle` sweeps them"
        )
    elif done.journal:
        click.echo(f"{len(done.journal)} entries stay in the PBX's journal")
    for key, text in done.aside.items():
        click.echo(f"set aside on the PBX ({safe(key)}): {safe(text, 200)}")


def _sentence(decision: Decision) -> str:
    attempt = decision.attempt
    until = f" (until {decision.until:%H:%M:%S} UTC at most)" if decision.until else ""
    result = decision.result or f"waits{until}"
    number = mask_number(attempt.number)
    return f"{attempt.attempt_id} {number} {attempt.state} -> {result}: {decision.reason}"


def _for_machines(done: Settling) -> dict[str, object]:
    return {
        "attempts": [
            {
                "attempt": decision.attempt.attempt_id,
                "run": decision.attempt.run_id,
                "number": mask_number(decision.attempt.number),
                "state": decision.attempt.state,
                "result": decision.result,
                "reason": decision.reason,
                "until": decision.until.isoformat() if decision.until else None,
            }
            for decision in done.decisions
        ],
        "left_open": len(done.left_open),
        "fastagi": done.fastagi,
        "journal": list(done.journal),
        "aside": done.aside,
    }
