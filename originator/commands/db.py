"""``originator db``: our own tables."""

import os
import sys
from pathlib import Path

import click

from campaign.clock import SystemClock
from campaign.file import load
from campaign.settings import database_settings
from campaign.store import grants
from campaign.store.migrate import migrate, pending
from originator.wiring import store_alone


@click.group()
def db() -> None:
    """Our own tables (overdue_*); the company's are never altered."""


@db.command("migrate")
@click.option("--dry-run", is_flag=True, help="Only say what would be applied.")
def migrate_command(dry_run: bool) -> None:
    """Create our tables, or bring them up to date."""
    database = store_alone().database
    names = pending(database) if dry_run else migrate(database, SystemClock())
    verb = "would apply" if dry_run else "applied"
    for name in names:
        click.echo(f"{verb} {name}")
    if not names:
        click.echo("our tables are up to date")


@db.command("grant")
@click.argument("rights", type=click.Choice(["application", "migrations", "reports"]))
@click.argument("account", metavar="USER@HOST")
@click.argument(
    "campaign_files", metavar="[CAMPAIGN.yaml]...", nargs=-1, type=click.Path(path_type=Path)
)
@click.option("--dry-run", is_flag=True, help="Only say what the account lacks.")
def grant_command(
    rights: grants.Rights, account: str, campaign_files: tuple[Path, ...], *, dry_run: bool
) -> None:
    """Make an account that may do what its RIGHTS need, and print what was missing.

    RIGHTS: application (both programs, on the tables of these campaigns), migrations
    (`originator db migrate`) or reports (reads our tables). The account's password is read from
    standard input; MYSQL_USER is an administrator who may create accounts.
    """
    administrator = database_settings(os.environ)
    chosen = grants.Account.parse(account)
    password = sys.stdin.readline().rstrip("\n")
    if not password:
        raise click.UsageError(f"write the password of {account} to standard input")
    wanted = grants.grants(
        rights,
        chosen,
        administrator.database,
        [load(file).source for file in campaign_files],
    )
    lacking = grants.pending(administrator, chosen, password, wanted)
    if not dry_run:
        grants.apply(administrator, lacking)
    for statement in lacking:
        click.echo(f"{'would run' if dry_run else 'ran'} {statement.sql}")
    if not lacking:
        click.echo(f"{account} has all that {rights} needs")
