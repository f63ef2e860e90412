"""The main job on real parts: sample customers, one run, both records compared."""

import json
import os
import subprocess
import time
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

import click
from rich.console import Console
from rich.table import Table

from campaign.outcome import Outcome
from lab import customers, mix, records
from lab.behaviours import behaviour_of
from lab.calls import CarrierCall
from lab.day import day_table, rounds
from lab.errors import LabError
from lab.json_file import json_option, write_json
from lab.lab import Lab
from lab.listening import listening_mismatches
from lab.listening_page import ListeningRow, write_page
from lab.product import BIN, run, start_fastagi
from lab.verify import AttemptRow, attempt_of, find_mismatches

CAMPAIGN = Path(__file__).with_name("campaign.yaml")
DAY_CAMPAIGN = Path(__file__).with_name("campaign_day.yaml")
PROMPT = "es_MX/morosos_natalia"
ZONE = ZoneInfo("America/Bogota")


@dataclass(frozen=True)
class Result:
    """What ``--json`` writes."""

    customers: int
    selected: int
    skipped: dict[str, int]
    calls: int
    outcomes: dict[str, int]
    mismatches: list[str]
    seconds: float


@click.command()
@click.option(
    "--customers",
    "count",
    default=40,
    show_default=True,
    type=click.IntRange(1, 5000),
    help="Sample customers; seven of ten are due.",
)
@click.option(
    "--mix",
    "mix_text",
    metavar="busy=20,no-answer=30,…",
    help="What a day looks like in which so many percent of the customers behave so; the others"
    f" listen to the message. Behaviours: {', '.join(mix.ENDINGS)}.",
)
@json_option("Write what came of it to this file.")
@click.option("--keep", is_flag=True, help="Leave everything running and print how to use it.")
def main(count: int, mix_text: str | None, json_file: Path | None, keep: bool) -> None:
    """Call sample customers on a real Asterisk, through a real trunk, from a real MariaDB."""
    began = time.monotonic()
    lab = Lab()
    try:
        day = mix.parse(mix_text) if mix_text is not None else None
        result = demonstrate(lab, count, began, day)
        if keep:
            _say_how_to_use(lab)
    except LabError as error:
        raise click.ClickException(str(error)) from error
    finally:
        if not keep:
            lab.down()
    if json_file is not None:
        write_json(json_file, asdict(result))
    if result.mismatches:
        raise SystemExit(1)


def demonstrate(lab: Lab, count: int, began: float, day: Mapping[str, int] | None) -> Result:
    """Set everything up, run the campaign once, and compare both records.

    ``day``: a mix of behaviours, for a whole day's calls in place of one to everybody.
    """
    console = Console()
    campaign, endings_of = CAMPAIGN, customers.every_behaviour
    if day is not None:
        campaign, endings_of = DAY_CAMPAIGN, partial(mix.endings, day)
    console.print("Starting a PBX, a carrier and a database, and building the prompts …")
    _must(run(lab, "originator", "sounds", "build", "--to", str(lab.state / "sounds")))
    lab.up()
    lab.database.reset()
    lab.carrier.reset()
    lab.pbx.cli("database deltree overdue")
    _must(run(lab, "originator", "db", "migrate"))
    people, due = customers.sample(count, datetime.now(ZONE).date(), endings_of)
    with lab.database.connect() as connection:
        customers.insert(connection, people)
    start_fastagi(lab)
    plan = json.loads(_must(run(lab, "originator", "plan", str(campaign), "--json")))
    console.print(
        f"{plan['customers']} customers, {len(plan['selected'])} to call; ready after"
        f" {time.monotonic() - began:.1f} s"
    )
    subprocess.run(
        [str(BIN / "originator"), "run", str(campaign)],
        env={**os.environ, **lab.env()},
        check=True,
    )
    calls = lab.carrier.calls()
    with lab.database.connect() as connection:
        attempts = records.attempts(connection)
    mismatches = find_mismatches(calls, attempts)
    called = {call.number for call in calls}
    mismatches += [f"{number} was called, but is not due." for number in sorted(called - due)]
    mismatches += [f"{number} is due, but was not called." for number in sorted(due - called)]
    mismatches += listening_mismatches(lab, PROMPT, calls, attempts)
    result = Result(
        customers=count,
        selected=len(plan["selected"]),
        skipped=plan["skipped"],
        calls=len(calls),
        outcomes=dict(Counter(attempt.outcome for attempt in attempts).most_common()),
        mismatches=mismatches,
        seconds=round(time.monotonic() - began, 1),
    )
    page = lab.state / "calls.html"
    write_page(page, listening_rows(lab, calls, attempts))
    _show(console, calls, result)
    console.print(f"What the customers heard: {page}", soft_wrap=True)
    console.print(f"{result.seconds:.0f} s in all")
    if day is not None:
        console.print("Six seconds stood for the hour between two calls to a customer.")
        console.print(day_table(rounds(attempts), len(due)))
    return result


def listening_rows(
    lab: Lab, calls: Iterable[CarrierCall], attempts: list[AttemptRow]
) -> list[ListeningRow]:
    """A row of the listening page for each call, in the order of their INVITEs."""
    rows = []
    for call in sorted(calls, key=lambda call: call.invite_at):
        attempt = attempt_of(call, attempts)
        recording = lab.carrier.recording(call) if call.answer_at else None
        outcome = attempt.outcome if attempt else "no attempt"
        rows.append(
            ListeningRow(
                at=f"{call.invite_at.astimezone(ZONE):%H:%M:%S}",
                number=call.number,
                behaviour=behaviour_of(call.number).description,
                outcome=outcome,
                spanish=Outcome(outcome).spanish if outcome in set(Outcome) else "",
                heard_seconds=attempt.heard_seconds if attempt else None,
                keys=attempt.keys if attempt else "",
                recording=str(recording.relative_to(lab.state)) if recording else None,
            )
        )
    return rows


def _show(console: Console, calls: list[CarrierCall], result: Result) -> None:
    table = Table(title="At the carrier", title_justify="left")
    for column in ("number", "the number …", "SIP", "answered"):
        table.add_column(column)
    for call in sorted(calls, key=lambda call: call.invite_at):
        seconds = call.answered_seconds
        answered = "" if seconds is None else f"{seconds:.1f} s"
        table.add_row(
            call.number, behaviour_of(call.number).description, str(call.sip_code), answered
        )
    console.print(table)
    if result.mismatches:
        console.print("Both records do NOT agree:")
        for sentence in result.mismatches:
            console.print(f"  {sentence}")
    else:
        console.print(f"The carrier's record and the database agree on all {len(calls)} calls.")


def _say_how_to_use(lab: Lab) -> None:
    click.echo(
        "Everything is still running. In this directory:\n"
        '  eval "$(.venv/bin/python -m lab env)"; export PATH="$PWD/.venv/bin:$PATH"\n'
        "  originator report; originator status\n"
        f"  originator call 3001234590 --campaign {CAMPAIGN.relative_to(lab.state.parent)}\n"
        "  python -m lab asterisk pbx 'core show channels'\n"
        "  python -m lab down"
    )


def _must(done: "subprocess.CompletedProcess[str]") -> str:
    if done.returncode != 0:
        raise LabError(done.stderr.strip().removeprefix("originator: "))
    return done.stdout


if __name__ == "__main__":
    main()
