"""The command line of the lab."""

import shlex
from collections.abc import Iterator
from contextlib import contextmanager

import click

from lab.errors import LabError
from lab.lab import Lab


@contextmanager
def _one_sentence() -> Iterator[None]:
    try:
        yield
    except LabError as error:
        raise click.ClickException(str(error)) from error


@click.group()
def main() -> None:
    """A real PBX, a real carrier and a real database on this machine."""


@main.command()
@click.option(
    "--carrier",
    type=click.Choice(["asterisk", "none"]),
    default="asterisk",
    show_default=True,
    help="none leaves 127.0.0.2:5060 free for another SIP agent.",
)
def up(carrier: str) -> None:
    """Start everything, after ending what an earlier up left."""
    with _one_sentence():
        lab = Lab()
        lab.up(carrier=carrier != "none")
        _show(lab)


@main.command()
def down() -> None:
    """End every process that up started."""
    with _one_sentence():
        Lab().down()


@main.command()
def status() -> None:
    """Show what runs; exits with 1 when nothing does."""
    lab = Lab()
    _show(lab)
    if not any(pid for _, pid, _ in lab.status()):
        raise SystemExit(1)


@main.command()
def env() -> None:
    """Print the variables that the programs read, to be evaluated by a shell."""
    with _one_sentence():
        for name, value in Lab().env().items():
            click.echo(f"export {name}={shlex.quote(value)}")


@main.command(context_settings={"ignore_unknown_options": True})
@click.argument("instance", type=click.Choice(["pbx", "carrier"]))
@click.argument("command", nargs=-1, required=True, type=click.UNPROCESSED)
def asterisk(instance: str, command: tuple[str, ...]) -> None:
    """Run a CLI command in the PBX or the carrier."""
    with _one_sentence():
        lab = Lab()
        chosen = lab.pbx if instance == "pbx" else lab.carrier
        click.echo(chosen.cli(" ".join(command)), nl=False)


def _show(lab: Lab) -> None:
    for name, pid, ports in lab.status():
        state = f"runs (pid {pid})" if pid else "does not run"
        click.echo(f"{name:<9} {state:<20} {', '.join(map(str, ports))}")
