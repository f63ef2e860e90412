"""``originator next-window``: when a call may start."""

import json
from datetime import datetime
from pathlib import Path

import click

from campaign.clock import SystemClock
from campaign.file import Campaign, load
from campaign.hours import Closed, Open
from originator.commands.campaign_argument import campaign_argument
from originator.opening import opening, sentence


@click.command("next-window")
@campaign_argument
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def next_window(campaign_file: Path, as_json: bool) -> None:
    """Say whether a call may start now and until when, or why not and from when on.

    By this machine's clock; neither the database nor the PBX is asked.
    """
    campaign = load(campaign_file)
    verdict = opening(campaign, SystemClock().now())
    if as_json:
        click.echo(json.dumps(_for_machines(campaign, verdict), indent=2))
    else:
        click.echo(sentence(campaign, verdict))


def _for_machines(campaign: Campaign, verdict: Open | Closed) -> dict[str, object]:
    def local(moment: datetime | None) -> str | None:
        return moment.astimezone(campaign.time_zone).isoformat() if moment else None

    if isinstance(verdict, Open):
        return {"open": True, "until": local(verdict.until)}
    following = opening(campaign, verdict.opens_at)
    return {
        "open": False,
        "reason": verdict.reason,
        "why": verdict.reason.english,
        "por_que": verdict.reason.spanish,
        "opens_at": local(verdict.opens_at),
        "until": local(following.until) if isinstance(following, Open) else None,
    }
