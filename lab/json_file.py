"""The ``--json FILE`` of the lab's commands."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

F = TypeVar("F", bound=Callable[..., Any])


def json_option(written: str) -> Callable[[F], F]:
    """Declare ``--json FILE``, handed to the command as ``json_file``; ``written``: its help."""
    return click.option(
        "--json", "json_file", type=click.Path(dir_okay=False, path_type=Path), help=written
    )


def write_json(file: Path, content: object) -> None:
    """Write ``content`` for machines, and so that a person can read it."""
    file.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")
