"""Reads the .sql files: each statement by its name."""

import re
from functools import cache
from importlib import resources


@cache
def statements(file: str) -> dict[str, str]:
    """The named statements of a file of this package, without their comments."""
    text = resources.files("campaign.store").joinpath(file).read_text("utf-8")
    found: dict[str, str] = {}
    for block in re.split(r"^-- name: ", text, flags=re.MULTILINE)[1:]:
        name, _, body = block.partition("\n")
        sql = "\n".join(line for line in body.splitlines() if not line.startswith("--"))
        found[name.strip()] = sql.strip().removesuffix(";")
    return found
