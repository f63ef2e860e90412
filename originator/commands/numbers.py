"""``originator numbers``: the numbers that are not dialled, for cleaning."""

import csv
import json
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

import click

from campaign.clock import SystemClock
from campaign.file import Campaign, load
from campaign.history import BadMark
from campaign.mask import mask_number, safe
from campaign.outcome import Outcome
from campaign.phone import BadNumber, parse, parse_all
from campaign.phone_kind import Kind
from campaign.store import Store, customers
from campaign.store.bad_numbers import WrongNumber
from campaign.store.migrate import require_current
from originator.commands.campaign_argument import campaign_argument
from originator.preflight import check_database
from originator.wiring import store_alone

KINDS: tuple[Kind, ...] = ("mobile", "fixed")


@click.group()
def numbers() -> None:
    """The numbers that the network does not know any more, or that are not the customer's."""


@numbers.command()
@campaign_argument
@click.option("--csv", "as_csv", is_flag=True, help="For a spreadsheet.")
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def bad(campaign_file: Path, as_csv: bool, as_json: bool) -> None:
    """List the bad numbers with the customers of CAMPAIGN.yaml who still have them, and the numbers
    at which somebody said that he is not the customer.

    Correct them in the company's table; nobody is called at them meanwhile. Numbers stand here in
    full: they are to be corrected.
    """
    if as_csv and as_json:
        raise click.UsageError("choose one of --csv and --json")
    campaign = load(campaign_file)
    store = store_alone()
    check_database(store, campaign.source, SystemClock())
    marks = store.bad_numbers.all()
    owners = _owners(store, campaign, marks)
    wrong = store.bad_numbers.wrong(campaign.source.customers)
    if as_json:
        rows = [_row(n, mark, owners[n]) for n, mark in marks.items()]
        rows += [
            _row(each.number, BadMark(Outcome.WRONG_PERSON, each.told_at), [each.customer_id])
            for each in wrong
        ]
        click.echo(json.dumps(rows, indent=2))
    elif as_csv:
        _write_csv(marks, owners, wrong)
    else:
        for number, mark in marks.items():
            whose = ", ".join(owners[number]) or "nobody any more"
            click.echo(f"{number} {mark.outcome} {mark.found_at:%Y-%m-%d} customers: {whose}")
        for each in wrong:
            words = f"{each.number} {Outcome.WRONG_PERSON} {each.told_at:%Y-%m-%d}"
            click.echo(f"{words} customer: {safe(each.customer_id)}")
        click.echo(f"{len(marks)} bad numbers, {len(wrong)} that are not the customer's")


@numbers.command()
@click.argument("number")
def good(number: str) -> None:
    """Let NUMBER be called again, where the network was wrong or the number lives again, or where
    it is the customer's after all.
    """
    store = store_alone()
    require_current(store.database)
    parsed = parse(number, kinds=KINDS)
    if isinstance(parsed, BadNumber):
        raise click.BadParameter(parsed.reason.english, param_hint="NUMBER")
    if not store.bad_numbers.take_back(parsed.digits):
        click.echo(f"{mask_number(parsed.digits)} is not marked as bad: nothing was changed")
        return
    click.echo(f"{mask_number(parsed.digits)} may be called again")


def _owners(store: Store, campaign: Campaign, marked: Collection[str]) -> dict[str, list[str]]:
    """Who has these numbers now, whatever the fields of the company's table look like."""
    owners: dict[str, list[str]] = defaultdict(list)
    if not marked:
        return owners
    for page in customers.pages(store.database, campaign.source):
        for row in page:
            found = parse_all(row.phones, KINDS)
            for number in () if isinstance(found, BadNumber) else found:
                if number.digits in marked:
                    owners[number.digits].append(row.customer_id)
    return owners


def _row(number: str, mark: BadMark, owners: list[str]) -> dict[str, object]:
    return {
        "number": number,
        "outcome": mark.outcome,
        "resultado": mark.outcome.spanish,
        "found_at": mark.found_at.isoformat(timespec="seconds"),
        "customers": owners,
    }


def _write_csv(
    marks: Mapping[str, BadMark], owners: Mapping[str, list[str]], wrong: Iterable[WrongNumber]
) -> None:
    """A line for each number and customer; a number that nobody has any more has none."""
    writer = csv.writer(sys.stdout)
    writer.writerow(["customer", "number", "outcome", "resultado", "found_at"])
    for number, mark in marks.items():
        found_at = mark.found_at.isoformat(timespec="seconds")
        for customer in owners[number]:
            writer.writerow([cell(customer), number, mark.outcome, mark.outcome.spanish, found_at])
    outcome = Outcome.WRONG_PERSON
    for each in wrong:
        told_at = each.told_at.isoformat(timespec="seconds")
        writer.writerow([cell(each.customer_id), each.number, outcome, outcome.spanish, told_at])


def cell(text: str) -> str:
    """A key that a spreadsheet does not take for a formula."""
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
