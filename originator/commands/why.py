"""``originator why``: one customer, rule by rule."""

import json
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from campaign.clock import SystemClock
from campaign.eligibility import CustomerRow, Skip, identify
from campaign.errors import OverdueError
from campaign.file import Campaign, load
from campaign.history import History
from campaign.mask import mask_number, safe
from campaign.store import Store, customers
from campaign.why import Answer, Explanation, explain
from originator.commands.campaign_argument import campaign_argument
from originator.preflight import check_database
from originator.wiring import store_alone


class CustomerError(OverdueError):
    """There is no such customer."""


@click.command()
@click.argument("customer")
@campaign_argument
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def why(customer: str, campaign_file: Path, as_json: bool) -> None:
    """Say everything about one CUSTOMER, rule by rule: why he is called or not, and when next.

    CUSTOMER is his key in the company's table. Calls nobody.
    """
    campaign = load(campaign_file)
    store = store_alone()
    clock = SystemClock()
    check_database(store, campaign.source, clock)
    now = clock.now()
    row, in_campaign = _customer(store, campaign, customer)
    history = _history(store, campaign, row, now)
    explanation = explain(row, history, campaign, now, in_campaign=in_campaign)
    if as_json:
        click.echo(json.dumps(_for_machines(customer, explanation, now), indent=2))
    else:
        _show(customer, explanation, campaign, now)


def _customer(store: Store, campaign: Campaign, customer: str) -> tuple[CustomerRow, bool]:
    """The customer, and whether the campaign's conditions leave him."""
    source = campaign.source
    for conditions, in_campaign in ((source, True), (replace(source, where={}), False)):
        row = customers.one(store.database, conditions, customer)
        # The database takes "7b" for 7 where the key is a number.
        if row is not None and row.customer_id == customer:
            return row, in_campaign
    raise CustomerError(
        f"{source.customers} has no customer whose {source.customer_id} is {safe(customer)}"
    )


def _history(store: Store, campaign: Campaign, row: CustomerRow, now: datetime) -> History:
    identity = identify(row, campaign.numbers)
    if isinstance(identity, Skip):
        return store.attempts.history((), (), campaign, now)
    numbers = [number.digits for number in identity.numbers]
    return store.attempts.history([identity.person], numbers, campaign, now)


def _show(customer: str, explanation: Explanation, campaign: Campaign, now: datetime) -> None:
    zone = campaign.time_zone
    click.echo(f"customer {safe(customer)} of {campaign.name}, {_moment(now, zone)} ({zone.key})")
    for answer in explanation.answers:
        click.echo(_line(answer, zone))
    reason, moment = explanation.reason, explanation.next_moment
    if explanation.number is not None:
        click.echo(f"the number that comes next is {mask_number(explanation.number.digits)}")
    if reason is None:
        click.echo("he may be called now")
        return
    click.echo(f"not called now: {reason.english} ({reason.spanish})")
    if moment is None:
        click.echo("waiting alone does not change that")
    else:
        click.echo(f"the next lawful moment is {_moment(moment, zone)}, if nothing else happens")


def _line(answer: Answer, zone: ZoneInfo) -> str:
    mark = "no " if answer.against else "yes"
    words = [answer.fact] if answer.fact else []
    if answer.against is not None:
        words.append(f"{answer.against.english} ({answer.against.spanish})")
    if answer.not_before is not None:
        words.append(f"not before {_moment(answer.not_before, zone)}")
    return f"  {mark} {answer.rule}: {'; '.join(words)}"


def _moment(moment: datetime, zone: ZoneInfo) -> str:
    return f"{moment.astimezone(zone):%A %Y-%m-%d %H:%M}"


def _for_machines(customer: str, explanation: Explanation, now: datetime) -> dict[str, object]:
    number, moment = explanation.number, explanation.next_moment
    return {
        "customer": customer,
        "now": now.isoformat(),
        "callable_now": explanation.reason is None,
        "reason": explanation.reason,
        "number": mask_number(number.digits) if number else None,
        "next_moment": moment.isoformat() if moment else None,
        "rules": [
            {
                "rule": answer.rule,
                "fact": answer.fact,
                "against": answer.against,
                "english": answer.against.english if answer.against else None,
                "spanish": answer.against.spanish if answer.against else None,
                "not_before": answer.not_before.isoformat() if answer.not_before else None,
            }
            for answer in explanation.answers
        ],
    }
