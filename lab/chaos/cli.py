"""The command line of the chaos."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

import click

from lab import product
from lab.chaos.parts import agi_through_proxy
from lab.chaos.plan import draw
from lab.chaos.run import Result, one_run
from lab.errors import LabError
from lab.json_file import json_option, write_json
from lab.lab import REPOSITORY, STATE, Lab

_NAME = "chaos"


@click.command()
@click.option(
    "--runs", default=5, show_default=True, type=click.IntRange(1, 1000), help="How many runs."
)
@click.option("--seed", required=True, type=int, help="Any number; the same one, the same faults.")
@click.option(
    "--first",
    default=0,
    show_default=True,
    type=click.IntRange(0),
    help="Index of the first run: goes on where an earlier sitting ended, or repeats one run.",
)
@json_option("Write everything to this file, after each run.")
def main(runs: int, seed: int, first: int, json_file: Path | None) -> None:
    """Kill and cut the parts of running campaigns, about 45 s each, and judge the calls.

    Exits with 1 when a promise was broken. A run in which no fault met an open attempt does not
    count.
    """
    results: list[Result] = []
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # through every `finally`
    try:
        with chaos_lab(Lab(STATE / _NAME)) as lab:
            for run in range(first, first + runs):
                results.append(one_run(lab, draw(seed, run), f"{seed}-{run}"))
                _show(results[-1])
                if json_file is not None:
                    _write(json_file, seed, results)
    except LabError as error:
        raise click.ClickException(str(error)) from error
    counted = sum(result.counted for result in results)
    broken = sum(len(result.breaches) for result in results)
    click.echo(f"{len(results)} runs, {counted} counted, {broken} breaches")
    if broken:
        raise SystemExit(1)


@contextmanager
def chaos_lab(lab: Lab) -> Iterator[Lab]:
    """A lab whose PBX reaches FastAGI through our proxy, for the time of the block."""
    for source in ("sounds", "lab/prompts"):
        done = product.run(
            lab,
            *("originator", "sounds", "build", "--source", str(REPOSITORY / source)),
            *("--to", str(lab.state / "sounds")),
        )
        if done.returncode != 0:
            raise LabError(done.stderr.strip())
    try:
        lab.up()
        with agi_through_proxy(lab):
            yield lab
    finally:
        lab.down()


def _show(result: Result) -> None:
    click.echo(
        f"run {result.name}: {result.seconds:.0f} s,"
        f" {result.originators} originators,"
        f" {result.customers} customers, {result.calls} calls, {result.attempts} attempts"
        f" {result.outcomes}"
    )
    for struck in result.faults:
        click.echo(f"  {struck.at:5.1f} s  {struck.fault}: {struck.open_attempts} attempts open")
    for fault in result.not_reached:
        click.echo(f"     -     {fault}: did not come")
    if not result.counted:
        click.echo("  no fault met an open attempt: this run does not count")
    for sentence in result.breaches:
        click.echo(f"  BREACH {sentence}")
    for number, lines in result.histories.items():
        click.echo(f"  history of {number}")
        for line in lines:
            click.echo(f"    {line}")


def _write(file: Path, seed: int, results: list[Result]) -> None:
    content = {
        "seed": seed,
        "counted": sum(result.counted for result in results),
        "breaches": sum(len(result.breaches) for result in results),
        "runs": [asdict(result) for result in results],
    }
    write_json(file, content)
