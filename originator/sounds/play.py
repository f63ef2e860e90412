"""``originator sounds play``: hear a prompt on a telephone."""

from pathlib import Path

import click

from originator.commands.call import call


@click.command("play")
@click.argument("prompt_id", metavar="ID")
@click.argument("number")
@click.option(
    "--campaign",
    "campaign_file",
    required=True,
    type=click.Path(path_type=Path),
    envvar="OVERDUE_CAMPAIGN",
    help="The campaign whose trunk, caller id and limits the call uses.",
)
@click.pass_context
def play(context: click.Context, prompt_id: str, number: str, campaign_file: Path) -> None:
    """Ring the telephone NUMBER with the prompt ID, as es_MX/number/21, at any hour.

    It is `originator call NUMBER --prompt ID`: from the PBX, over the trunk, with all its checks.
    """
    context.invoke(call, number=number, campaign_file=campaign_file, prompt=prompt_id)
