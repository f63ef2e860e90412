"""What a run says of attempts of other runs that it has to leave open."""

from collections import defaultdict
from collections.abc import Sequence

from originator.settler import Decision


def waiting_notices(decisions: Sequence[Decision]) -> list[str]:
    """One sentence for each run with attempts that stay open, with when they can be settled."""
    waiting: dict[str, list[Decision]] = defaultdict(list)
    for decision in decisions:
        if decision.result is None:
            waiting[decision.attempt.run_id].append(decision)
    return [_sentence(run, left) for run, left in waiting.items()]


def _sentence(run: str, left: list[Decision]) -> str:
    count = f"{len(left)} attempts" if len(left) > 1 else "1 attempt"
    verb = "are" if len(left) > 1 else "is"
    said = f"{count} of run {run} {verb} open ({left[0].reason})"
    moments = [decision.until for decision in left if decision.until is not None]
    if not moments:
        return said
    return f"{said}; unless it lives on, settled from {min(moments):%H:%M:%S} UTC at the earliest"
