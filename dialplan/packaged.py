"""Our dialplan as this release ships it."""

from importlib import resources

from dialplan.steps import Line, includes, written


def packaged() -> dict[str, set[Line]]:
    """The lines of ``overdue.conf`` by context."""
    text = resources.files("dialplan").joinpath("overdue.conf").read_text("utf-8")
    contexts: dict[str, set[Line]] = {}
    lines: set[Line] = written(text) | includes(text)
    for line in lines:
        contexts.setdefault(line.context, set()).add(line)
    return contexts
