"""``originator db``: our own tables."""

import click

from campaign.clock import SystemClock
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
