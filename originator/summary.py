"""What came of a run, as it is counted while it goes on."""

from collections import Counter
from dataclasses import dataclass, field

from campaign.outcome import Outcome
from campaign.reason import Reason


@dataclass
class Summary:
    """Counts of one run; ``refusals`` are those of its last pass over the customers."""

    run_id: str
    stop_reason: str = "done"
    customers: int = 0
    calls: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    refusals: Counter[Reason] = field(default_factory=Counter)
