"""What came of a run, as it is counted while it goes on."""

from collections import Counter
from dataclasses import dataclass, field

from campaign.outcome import Outcome
from campaign.reason import Reason
from originator.stop_reason import StopReason


@dataclass
class Summary:
    """Counts of one run; ``refusals`` are those of its last pass over the customers."""

    run_id: str
    stop_reason: StopReason = StopReason.DONE
    stop_detail: str = ""
    customers: int = 0
    calls: int = 0
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    refusals: Counter[Reason] = field(default_factory=Counter)

    @property
    def stopped(self) -> str:
        """The reason as the database keeps it: code, colon, detail."""
        return f"{self.stop_reason}: {self.stop_detail}".removesuffix(": ")
