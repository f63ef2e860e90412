"""``script/bench personal``."""

import os
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import click
from rich.console import Console

from lab.bench.measure import PER_SECOND, UP, bench_lab
from lab.bench.personal import Personal, measure
from lab.bench.report import LIMIT_MS
from lab.errors import LabError
from lab.json_file import json_option, write_json
from lab.lab import STATE, Lab

SILENCE_MS = 150.0
"""The longest that may be heard at the joints of a message."""


@click.command()
@json_option("Write the figures to this file.")
def personal(json_file: Path | None) -> None:
    """Measure a message of recorded parts and spoken values, about 2 minutes.

    Silence is the longest between the first and the last word in the carrier's own recordings,
    frames of 10 ms below -50 dBFS; pauses within a part count as well. Answer to audio is taken as
    `script/bench` does.
    """
    lab = Lab(STATE / "bench")
    console = Console()
    try:
        with bench_lab(lab):
            found = measure(lab)
    except LabError as error:
        raise click.ClickException(str(error)) from error
    console.print(f"load {os.getloadavg()[0]:.1f}")
    for verdict in verdicts(found):
        console.print(verdict, soft_wrap=True)
    if json_file is not None:
        write_json(json_file, asdict(found))


def verdicts(found: Personal) -> Iterator[str]:
    """Each limit with what was reached."""
    judged = "met" if found.silence_ms < SILENCE_MS else "MISSED"
    yield (
        f"longest silence in a personal message: {found.silence_ms:.0f} ms in {found.recordings}"
        f" recordings, {found.median_silence_ms:.0f} ms in the middle one, of which the parts"
        f" themselves bring {found.own_silence_ms:.0f} ms (limit {SILENCE_MS:.0f} ms): {judged}"
    )
    yield f"messages that did not tell the amount, because the database was late: {found.unspoken}"
    p99 = found.delays.p99
    judged = "met" if p99 < LIMIT_MS else "MISSED"
    yield (
        f"answer to audio of a personal message, {UP} calls up, {PER_SECOND} new ones a second:"
        f" median {found.delays.median:.1f} ms, 99th percentile {p99:.1f} ms of"
        f" {found.delays.calls} answers (limit {LIMIT_MS:.0f} ms): {judged}"
    )
