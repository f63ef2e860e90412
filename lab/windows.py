"""New calls by sliding windows of time."""

from collections.abc import Iterable, Sequence

SECOND = 1.0


def busiest(times: Iterable[float], window: float = SECOND) -> int:
    """The most calls that any window of so many seconds holds, both of its ends included."""
    ordered = sorted(times)
    most = first = 0
    for last, at in enumerate(ordered):
        while at - ordered[first] > window:
            first += 1
        most = max(most, last - first + 1)
    return most


def nearest(times: Iterable[float], calls: int) -> float:
    """The shortest time, in seconds, from one call to the one so many calls later; inf: too few."""
    ordered = sorted(times)
    return min(
        (later - earlier for earlier, later in zip(ordered, ordered[calls:], strict=False)),
        default=float("inf"),
    )


def per_second(times: Sequence[float]) -> float:
    """Calls a second from the first to the last of several."""
    return (len(times) - 1) / (max(times) - min(times))
