"""``originator sounds``: what a person types to make the prompts and to hear one."""

from importlib.resources import files
from pathlib import Path

import click

from originator.sounds.build import Built, build
from originator.sounds.play import play


@click.group("sounds")
def sounds_group() -> None:
    """The prompts that customers hear."""


sounds_group.add_command(play)


@sounds_group.command("build")
@click.option(
    "--source",
    type=click.Path(path_type=Path),
    help="Directory with a folder for each language: its set.yaml with the texts, and recordings"
    " as ID.wav or ID.mp3, which win over the texts.  [default: the sets of this package]",
)
@click.option(
    "--to",
    type=click.Path(path_type=Path),
    default=Path("sounds/built"),
    show_default=True,
    help="Directory for the built files; copy or link what is in it into the PBX's sounds"
    " directory.",
)
def build_command(source: Path | None, to: Path) -> None:
    """Make every prompt in the formats of telephone trunks: gsm, ulaw, alaw and sln16.

    A text is spoken by the tts_command of its set. Everything is limited to 300-3400 Hz, cut where
    the silence before and after it begins, and brought to one loudness (EBU R128); a silent or
    clipped recording is refused. What did not change is not made again.
    """
    for line in table(build(source or packaged_prompts(), to)):
        click.echo(line)


def packaged_prompts() -> Path:
    """The directory of the prompt sets that come with the package."""
    return Path(str(files("sounds")))


def table(prompts: list[Built]) -> list[str]:
    """One line a prompt under a heading; levels in dBFS."""
    width = max(len("prompt"), *(len(built.prompt.name) for built in prompts))
    lines = [f"{'prompt':{width}}  seconds   peak   mean  formats (levels in dBFS)"]
    for built in prompts:
        level = built.level
        formats = " ".join(file.suffix.removeprefix(".") for file in built.files)
        lines.append(
            f"{built.prompt.name:{width}}  {level.seconds:7.1f}  {level.peak_dbfs:5.1f}"
            f"  {level.mean_dbfs:5.1f}  {formats}{'' if built.changed else ' (unchanged)'}"
        )
    return lines
