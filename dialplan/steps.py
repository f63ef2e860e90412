"""The steps of a dialplan, as a file writes them and as Asterisk shows what it has loaded.

A reload accepts much without a word, so what is loaded is compared with the file, step by step.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Step(NamedTuple):
    """One step of an extension."""

    context: str
    extension: str
    priority: int
    application: str
    data: str

    def __str__(self) -> str:
        """As ``[overdue-hangup] s,1 Return()``."""
        where = f"[{self.context}] {self.extension},{self.priority}"
        return f"{where} {self.application}({self.data})"


class Include(NamedTuple):
    """One context that another includes."""

    context: str
    included: str

    def __str__(self) -> str:
        """As ``[overdue-answered] include => overdue-destinations``."""
        return f"[{self.context}] include => {self.included}"


Line = Step | Include

_CONTEXT = re.compile(r"\[([^\]]+)\]")
_WRITTEN = re.compile(r"(exten|same) => (?:([^,]+),)?(?:1|n)(?:\(\w+\))?,(.+)")
_INCLUDE = re.compile(r"include\s*=>\s*([^\s,]+)")
_SHOWN_CONTEXT = re.compile(r"\[ Context '([^']+)' created by .*")
_SHOWN = re.compile(r"\s+(?:'([^']+)' =>|\[\w+\])?\s+(\d+)\. (\w+)\((.*)\)\s+\[[^\]]*\]\s*")


def written(text: str) -> set[Step]:
    """The steps that the text of a dialplan file writes out."""
    steps = set()
    context = extension = ""
    priority = 0
    for code in _code(text):
        if found := _CONTEXT.fullmatch(code):
            context = found[1]
        elif found := _WRITTEN.fullmatch(code):
            priority = 1 if found[1] == "exten" else priority + 1
            extension = found[2] if found[1] == "exten" else extension
            application, _, data = found[3].partition("(")
            steps.add(Step(context, extension, priority, application, data.removesuffix(")")))
    return steps


def includes(text: str) -> set[Include]:
    """What the contexts in the text of a dialplan file include."""
    lines = set()
    context = ""
    for code in _code(text):
        if found := _CONTEXT.fullmatch(code):
            context = found[1]
        elif found := _INCLUDE.fullmatch(code):
            lines.add(Include(context, found[1]))
    return lines


def shown(text: str) -> set[Step]:
    """The steps in what the CLI prints for ``dialplan show CONTEXT``, one context or several."""
    steps = set()
    context = extension = ""
    for line in text.splitlines():
        if found := _SHOWN_CONTEXT.fullmatch(line):
            context = found[1]
        elif found := _SHOWN.fullmatch(line):
            extension = found[1] or extension
            steps.add(Step(context, extension, int(found[2]), found[3], found[4]))
    return steps


def _code(text: str) -> Iterator[str]:
    """The lines without their comments: one begins at a semicolon with no backslash before it."""
    for line in text.splitlines():
        yield re.split(r"(?<!\\);", line)[0].replace("\\;", ";").strip()
