"""The campaign file as an argument of a command."""

from pathlib import Path

import click

campaign_argument = click.argument(
    "campaign_file",
    metavar="CAMPAIGN.yaml",
    type=click.Path(path_type=Path),
    envvar="OVERDUE_CAMPAIGN",
)
