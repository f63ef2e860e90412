"""``script/bench pace``."""

import os
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from lab.bench.measure import SHORT, bench_lab
from lab.bench.pace import COURSES, LEAST, RATES, Pace, measure_pace
from lab.errors import LabError
from lab.json_file import json_option, write_json
from lab.lab import STATE, Lab


@click.command()
@click.option(
    "--seconds",
    default=600,
    show_default=True,
    type=click.IntRange(10, 3600),
    help="How long each rate is kept in each course.",
)
@click.option(
    "--rate", "rates", multiple=True, type=click.FloatRange(1, 100), help="In place of all rates."
)
@click.option("--course", "courses", multiple=True, type=click.Choice(list(COURSES)))
@click.option(
    "--state",
    default=STATE / "bench",
    type=click.Path(file_okay=False, path_type=Path),
    help="Where the lab keeps its data; on a tmpfs no disk is waited for.",
)
@json_option("Write the figures to this file.")
def pace(
    seconds: int,
    rates: tuple[float, ...],
    courses: tuple[str, ...],
    state: Path,
    json_file: Path | None,
) -> None:
    """Measure how evenly calls reach the carrier, 10 minutes for each rate and course.

    Times are the kernel's, of the INVITEs as they reach the carrier. Exits with 1 when a sliding
    window of one second holds more calls than the rate, or less than 97 % of the rate is reached.

    On a machine with other work, run it as ``chrt -r 1 script/bench pace``: all that it starts then
    goes first. Labs in network namespaces of their own, each with its --state, run side by side.
    """
    console = Console()
    lab = Lab(state)
    found: list[Pace] = []
    try:
        with bench_lab(lab):
            for rate in rates or RATES:
                for course in courses or COURSES:
                    one = measure_pace(lab, SHORT, course, rate, seconds)
                    found.append(one)
                    console.print(*_row(one), f"(load {os.getloadavg()[0]:.1f})", soft_wrap=True)
    except LabError as error:
        raise click.ClickException(str(error)) from error
    console.print(_table(found, seconds))
    if json_file is not None:
        write_json(json_file, [asdict(each) for each in found])
    if not all(each.kept for each in found):
        raise SystemExit(1)


def _row(pace: Pace) -> list[str]:
    return [
        pace.course,
        f"{pace.rate:g}",
        str(pace.calls),
        str(pace.busiest),
        f"{pace.spare_ms:.1f}",
        f"{100 * pace.reached:.2f} %",
        "yes" if pace.kept else "NO",
    ]


def _table(found: list[Pace], seconds: int) -> Table:
    table = Table(title=f"New calls at the carrier, {seconds} s each", title_justify="left")
    table.add_column("course")
    for name in ("rate/s", "calls", "most in 1 s", "spare ms", f"reached (least {LEAST:.0%})"):
        table.add_column(name, justify="right")
    table.add_column("kept")
    for each in found:
        table.add_row(*_row(each))
    return table
