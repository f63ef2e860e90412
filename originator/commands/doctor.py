"""``originator doctor``: is all in place for the next run?"""

import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from campaign.clock import SystemClock
from originator.doctor.examination import examine
from originator.doctor.finding import Finding, Verdict, Words
from originator.exit_codes import ExitCode

_MARKS = {
    Verdict.OK: ("ok", "ok"),
    Verdict.WARNING: ("WARNING", "AVISO"),
    Verdict.WRONG: ("WRONG", "MAL"),
    Verdict.NOT_CHECKED: ("not checked", "sin revisar"),
}


@click.command()
@click.argument(
    "campaign_file",
    metavar="[CAMPAIGN.yaml]",
    type=click.Path(path_type=Path),
    envvar="OVERDUE_CAMPAIGN",
    required=False,
)
@click.option("--json", "as_json", is_flag=True, help="For machines.")
def doctor(campaign_file: Path | None, as_json: bool) -> None:
    """Look at the database, the PBX, the prompts, FastAGI and the timer; calls nobody.

    Each line says what was seen and, where something is wrong, what to type. Ends with code 0 when
    nothing is wrong, with 1 when something is; a warning is not wrong. One call is made inside the
    PBX, into our own dialplan.
    """
    findings = []
    for finding in examine(campaign_file, os.environ, SystemClock()):
        findings.append(finding)
        if not as_json:
            _show(finding)
    if as_json:
        click.echo(_json(findings))
    is_wrong = any(each.verdict is Verdict.WRONG for each in findings)
    sys.exit(ExitCode.FAILED if is_wrong else ExitCode.DONE)


def _show(finding: Finding) -> None:
    """English and Spanish: one line where all is well, else a line each."""
    english, spanish = _MARKS[finding.verdict]
    said = [_line(finding.seen, finding.todo, each) for each in ("english", "spanish")]
    if finding.verdict is Verdict.OK:
        click.echo(f"{english}  {finding.check}: {' / '.join(dict.fromkeys(said))}")
        return
    click.echo(f"{english}  {finding.check}: {said[0]}")
    click.echo(f"  {spanish}: {said[1]}")


def _line(seen: Words, todo: Words | None, language: str) -> str:
    said: str = getattr(seen, language)
    return f"{said} → {getattr(todo, language)}" if todo else said


def _json(findings: Sequence[Finding]) -> str:
    return json.dumps(
        [
            {
                "check": each.check,
                "verdict": each.verdict,
                "seen": each.seen.english,
                "visto": each.seen.spanish,
                "do": each.todo.english if each.todo else None,
                "hacer": each.todo.spanish if each.todo else None,
            }
            for each in findings
        ],
        indent=2,
        ensure_ascii=False,
    )
