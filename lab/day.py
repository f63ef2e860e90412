"""What a day came to, round by round: everybody's first call, everybody's second one, and so on."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from rich.table import Table

from lab.verify import AttemptRow

_ANSWERED = ("delivered", "hung_up_early")


@dataclass(frozen=True)
class Round:
    """All customers' n-th calls."""

    calls: int
    delivered: int
    talk_seconds: float
    reached: int
    """Customers who have heard the message, this round's included."""


def rounds(attempts: Iterable[AttemptRow]) -> list[Round]:
    """The rounds of a day; the first holds every customer who was called."""
    calls_of: dict[str, list[AttemptRow]] = defaultdict(list)
    for attempt in sorted(attempts, key=lambda attempt: attempt.dialing_at):
        calls_of[attempt.number].append(attempt)
    found: list[Round] = []
    reached = 0
    for nth in range(max(map(len, calls_of.values()), default=0)):
        these = [calls[nth] for calls in calls_of.values() if len(calls) > nth]
        delivered = sum(attempt.outcome == "delivered" for attempt in these)
        reached += delivered
        talk = sum(a.heard_seconds or 0.0 for a in these if a.outcome in _ANSWERED)
        found.append(Round(len(these), delivered, talk, reached))
    return found


def day_table(day: Iterable[Round], customers: int) -> Table:
    """The rounds for a reader; ``customers``: how many were called."""
    table = Table(title="The day, call by call", title_justify="left")
    for name in ("everybody's …", "calls", "delivered", "talk", "reached so far"):
        table.add_column(name, justify="right")
    for nth, each in enumerate(day, start=1):
        table.add_row(
            f"{nth}. call", str(each.calls), str(each.delivered), f"{each.talk_seconds:.0f} s",
            f"{each.reached} of {customers} ({100 * each.reached / customers:.0f} %)",
        )  # fmt: skip
    return table
