"""``originator check``: what a campaign file means."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaign.advice import advice
from campaign.clock import SystemClock
from campaign.effective import Value, effective
from campaign.explain import explain
from campaign.file import load_with_keys
from originator.commands.campaign_argument import campaign_argument


@click.command()
@campaign_argument
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def check(campaign_file: Path, as_json: bool) -> None:
    """Say what a campaign file means today: every value, in a table and in words.

    Reads the file alone: no database, no PBX. What is allowed but unwise is named; what is wrong
    is refused with its line.
    """
    campaign, keys = load_with_keys(campaign_file)
    values = effective(campaign, keys)
    words = explain(campaign, SystemClock().now())
    warnings = list(advice(campaign, keys))
    if as_json:
        click.echo(_json(campaign_file, values, words, warnings))
        return
    console = Console()
    console.print(_values(values))
    console.print(_words(words))
    for warning in warnings:
        click.echo(f"warning: {warning}")


def _values(values: Sequence[Value]) -> Table:
    table = Table("key", "value", "from", title="values", title_justify="left")
    for each in values:
        # Text, not markup: a list in brackets would be read as a style.
        table.add_row(each.key, escape(each.text), "file" if each.from_file else "default")
    return table


def _words(words: Mapping[str, str]) -> Table:
    table = Table(title="what it means", title_justify="left", show_header=False)
    for subject, sentence in words.items():
        table.add_row(subject, escape(sentence))
    return table


def _json(
    file: Path, values: Sequence[Value], words: Mapping[str, str], warnings: Sequence[str]
) -> str:
    return json.dumps(
        {
            "file": str(file),
            "values": {
                each.key: {"value": each.value, "from": "file" if each.from_file else "default"}
                for each in values
            },
            "meaning": words,
            "warnings": warnings,
        },
        indent=2,
        ensure_ascii=False,
    )
