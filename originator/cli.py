"""The ``originator`` command."""

import logging
import sys
from pathlib import Path

import click

from campaign.errors import OverdueError
from originator.commands.call import call
from originator.commands.call_backs import call_backs
from originator.commands.check import check
from originator.commands.cycles import cycles
from originator.commands.db import db
from originator.commands.dnc import dnc
from originator.commands.doctor import doctor
from originator.commands.history import history
from originator.commands.next_window import next_window
from originator.commands.numbers import numbers
from originator.commands.plan import plan
from originator.commands.promises import promises
from originator.commands.purge import purge
from originator.commands.report import report
from originator.commands.reset_cycle import reset_cycle
from originator.commands.run import run
from originator.commands.settle import settle
from originator.commands.status import status
from originator.commands.why import why
from originator.exit_codes import ExitCode
from originator.sounds import sounds_group

LEVELS = ("debug", "info", "warning", "error")


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="overdue-dialer")
@click.option("--log-level", type=click.Choice(LEVELS), default="info", show_default=True)
@click.option(
    "--log-file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write the log here; without it, it goes to stderr (on a terminal, warnings only).",
)
def cli(log_level: str, log_file: Path | None) -> None:
    """Call customers whose invoices are unpaid, near the day their service is cut.

    \b
    A morning:
      originator check cortes.yaml     what the campaign file means today
      originator doctor cortes.yaml    is all in place, and what to type where it is not
      originator plan cortes.yaml      who would be called, who not, and why
      originator run cortes.yaml       call them, and write down what came of every call
      originator report                the table of the last run

    \b
    Where things are, and the secrets, come from the environment:
      MYSQL_SERVER MYSQL_PORT MYSQL_SOCKET MYSQL_USER MYSQL_PASSWORD MYSQL_DATABASE
      ASTERISK_HOST ASTERISK_PORT ASTERISK_USERNAME ASTERISK_PASSWORD
      OVERDUE_SECRET

    \b
    Exit codes:
      0  done                        3  outside the legal hours
      1  something to mend           4  ended early (time over, a signal), or something is left open
      2  the command line is wrong   5  stopped because of a mistake on our side
    """
    level = logging.getLevelNamesMapping()[log_level.upper()]
    if log_file is None and sys.stderr.isatty() and log_level == "info":
        level = logging.WARNING
    handler: logging.Handler = logging.StreamHandler()
    if log_file is not None:
        try:
            handler = logging.FileHandler(log_file, encoding="utf-8")
        except OSError as error:
            raise click.BadParameter(
                f"{log_file} cannot be written: {error.strerror}", param_hint="--log-file"
            ) from error
    logging.basicConfig(
        level=level, handlers=[handler], format="%(asctime)s %(levelname)s %(name)s %(message)s"
    )
    # panoramisk logs every message that it reads or sends, numbers included.
    logging.getLogger("panoramisk").setLevel(logging.CRITICAL)
    logging.getLogger("originator.ami.panoramisk").setLevel(logging.CRITICAL)


COMMANDS = (
    *(db, check, doctor, plan, why, history, next_window, run, call, settle, report, status),
    *(promises, call_backs, numbers, dnc, reset_cycle, cycles, purge, sounds_group),
)
for command in COMMANDS:
    cli.add_command(command)


def main() -> None:
    """Run the command; an expected error is one sentence, never a traceback."""
    try:
        cli(standalone_mode=True)
    except OverdueError as error:
        click.echo(f"originator: {error}", err=True)
        sys.exit(ExitCode.FAILED)
    except Exception:  # the outermost place: an operator sees a sentence, the log has the rest
        logging.getLogger(__name__).exception("action=crash")
        click.echo(
            "originator: a mistake in the program itself; the log has the details. What was"
            " dialled stays recorded, and the next run settles what was left open.",
            err=True,
        )
        sys.exit(ExitCode.FAILED)
