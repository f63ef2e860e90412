"""What an operator reads when one of several tasks failed."""

from typing import cast

from campaign.errors import OverdueError


def one_sentence(group: ExceptionGroup[Exception]) -> OverdueError | None:
    """The first expected error of a group; None: it holds something else, a mistake of ours."""
    _, unexpected = group.split(OverdueError)
    if unexpected is not None:
        return None
    first = group.exceptions[0]
    return one_sentence(first) if isinstance(first, ExceptionGroup) else cast(OverdueError, first)
