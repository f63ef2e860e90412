"""``originator call``: one test call."""

import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import click

from campaign.checks import RefusedError
from campaign.clock import SteadyClock
from campaign.eligibility import Candidate
from campaign.file import load
from campaign.law import LAWS
from campaign.outcome import Outcome
from campaign.phone import BadNumber, parse
from campaign.sections import Week
from originator.exit_codes import ExitCode
from originator.interrupt import leave_at_once, to_the_end
from originator.progress import LogWatcher
from originator.select import TestCall
from originator.session import work
from originator.wiring import store_and_ami


@click.command()
@click.argument("number")
@click.option(
    "--campaign",
    "campaign_file",
    required=True,
    type=click.Path(path_type=Path),
    envvar="OVERDUE_CAMPAIGN",
    help="The campaign whose trunk, caller id and limits the call uses.",
)
@click.option(
    "--prompt", help="Another prompt than the campaign's, played at once, as es_MX/morosos_natalia."
)
def call(number: str, campaign_file: Path, prompt: str | None) -> None:
    """Call one NUMBER as a test, at any hour: your own telephone, with any prompt.

    The call is recorded, but no row of the company's tables is read or written.
    """
    campaign = load(campaign_file)
    try:
        campaign = replace(
            campaign,
            law=LAWS["none"],
            hours=Week(),
            holidays=(),
        )
        if prompt is not None:
            campaign = replace(campaign, prompt=prompt, personal=(), flow="announce")
    except RefusedError as error:
        raise click.BadParameter(f"allowed is {error.allowed}", param_hint="--prompt") from None
    parsed = parse(number, kinds=("mobile", "fixed"))
    if isinstance(parsed, BadNumber):
        raise click.BadParameter(parsed.reason.english, param_hint="NUMBER")
    clock = SteadyClock()
    candidate = Candidate(parsed.digits, (parsed,), parsed.digits, Decimal(0), date.max, parsed)
    store, ami, secret = store_and_ami()
    summary = to_the_end(
        work(campaign, TestCall(candidate), store, ami, secret, clock, LogWatcher(), limit=1)
    )
    if summary is None:
        leave_at_once()
    for refusal in summary.refusals:
        click.echo(f"not called: {refusal.english}")
    for attempt in store.reports.attempts(summary.run_id):
        heard = "" if attempt["heard_seconds"] is None else f", {attempt['heard_seconds']} s heard"
        click.echo(f"{attempt['outcome'] or attempt['state']}{heard}")
    delivered = summary.outcomes[Outcome.DELIVERED] > 0
    sys.exit(ExitCode.DONE if delivered else ExitCode.FAILED)
