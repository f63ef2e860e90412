"""A mix of behaviours of the called numbers, as `script/demo --mix` takes it."""

from collections.abc import Mapping, Sequence

from lab.errors import LabError

LISTENS = "delivered"
ENDINGS = {
    LISTENS: "00",
    "hung-up-early": "50",
    "busy": "60",
    "no-answer": "61",
    "declined": "62",
    "unavailable": "63",
    "does-not-exist": "70",
    "changed": "71",
    "bad-format": "72",
    "congestion": "80",
    "network-failure": "81",
    "trunk-silent": "82",
    "machine": "95",
}
"""By name, the ending of the numbers that behave so (lab/behaviours.py)."""
_WHOLE = 100


def parse(text: str) -> dict[str, int]:
    """``busy=20,no-answer=30`` as percentages that add up to 100; raises LabError.

    What is left listens to the message, unless `delivered` is named too.
    """
    mix: dict[str, int] = {}
    for part in text.split(","):
        name, _, number = part.strip().partition("=")
        name = name.strip().replace("_", "-")
        if name not in ENDINGS:
            raise LabError(f"--mix: “{name}” is no behaviour; there are {', '.join(ENDINGS)}.")
        if name in mix:
            raise LabError(f"--mix: {name} is named twice.")
        if not number.isascii() or not number.isdecimal():
            raise LabError(f"--mix: write {name}=20 for 20 % of the customers.")
        mix[name] = int(number)
    total = sum(mix.values())
    if total > _WHOLE or (LISTENS in mix and total < _WHOLE):
        raise LabError(f"--mix: the percentages add up to {total}, not to {_WHOLE}.")
    return {LISTENS: _WHOLE - total, **mix}


def endings(mix: Mapping[str, int], customers: int) -> Sequence[str]:
    """The endings of so many numbers, each behaviour spread evenly over all of them."""
    counts = _shares(mix, customers)
    placed = [
        ((nth + 0.5) / count, ENDINGS[name])
        for name, count in counts.items()
        for nth in range(count)
    ]
    return [ending for _, ending in sorted(placed)]


def _shares(mix: Mapping[str, int], customers: int) -> dict[str, int]:
    """Whole customers for each behaviour; what rounding leaves goes to the largest remainders."""
    counts = {name: customers * percent // _WHOLE for name, percent in mix.items()}
    by_remainder = sorted(mix, key=lambda name: -(customers * mix[name] % _WHOLE))
    for name in by_remainder[: customers - sum(counts.values())]:
        counts[name] += 1
    return counts
