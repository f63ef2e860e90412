"""The command line of the bench."""

import os
import platform
import shlex
import sys
import time
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from lab.bench.measure import AT_ONCE, LONG_SECONDS, SHORT_SECONDS, bench_lab, measure
from lab.bench.pace_command import pace
from lab.bench.personal_command import personal
from lab.bench.report import ratio, tables, verdicts
from lab.bench.scale_command import scale
from lab.errors import LabError
from lab.json_file import json_option, write_json
from lab.lab import STATE, Lab

_NAME = "bench"


@click.group(invoke_without_command=True)
@click.option(
    "--rounds",
    default=3,
    show_default=True,
    type=click.IntRange(1, 20),
    help="How often each way is measured, in turn with the other.",
)
@click.option(
    "--calls",
    default=1000,
    show_default=True,
    type=click.IntRange(50, 5000),
    help="Calls of each way in a round.",
)
@json_option("Write the figures to this file.")
@click.pass_context
def main(context: click.Context, rounds: int, calls: int, json_file: Path | None) -> None:
    """Measure the whole system beside a bare Playback of the same calls, about 4 minutes.

    Calls per second are those of the carrier's own record. A call that the dialplan serves alone,
    because the server does not answer within half a second, counts too; their share is told. CPU
    time is what /proc tells of each process with its children. Answer to audio is taken from the
    packets themselves: from the carrier's 200 OK until the first RTP packet to it that holds
    anything louder than -31 dBFS, by the kernel's time stamps; the prompt is a tone that is audible
    from its first sample on.
    """
    if context.invoked_subcommand:
        return
    console = Console()
    lab = Lab(STATE / _NAME)
    began = time.monotonic()
    try:
        with bench_lab(lab):
            conditions = _conditions(lab)
            for line in conditions:
                console.print(line, soft_wrap=True)
            figures = measure(lab, rounds, calls, console.print)
    except LabError as error:
        raise click.ClickException(str(error)) from error
    for table in tables(figures):
        console.print(table)
    for verdict in verdicts(figures):
        console.print(verdict, soft_wrap=True)
    console.print(f"{time.monotonic() - began:.0f} s in all")
    if json_file is not None:
        written = {"conditions": conditions, "ratio": ratio(figures), **asdict(figures)}
        write_json(json_file, written)


main.add_command(scale)
main.add_command(pace)
main.add_command(personal)


def _conditions(lab: Lab) -> list[str]:
    asterisk = lab.pbx.cli("core show version").split(" built")[0]
    return [
        f"script/bench {shlex.join(sys.argv[1:])}".rstrip(),
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Linux {platform.release()},"
        f" Python {platform.python_version()}, {asterisk}; PBX, carrier, database and our"
        " programs on the same machine",
        f"at most {AT_ONCE} calls at once, answered after 1 s, a prompt of {SHORT_SECONDS} s: at"
        f" most {AT_ONCE / (1 + SHORT_SECONDS):.0f} calls/s either way; for answer to audio a"
        f" prompt of {LONG_SECONDS} s",
    ]
