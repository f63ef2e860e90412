"""What became of a run, in words, from its row alone."""

from dataclasses import dataclass
from datetime import timedelta

from campaign.store.database import Row
from originator.lease import LEASE
from originator.stop_reason import in_words


@dataclass(frozen=True)
class RunState:
    """How a run stands; ``english`` and ``spanish`` say why it is over."""

    state: str
    """``running``, ``died`` or ``ended``."""
    english: str
    spanish: str


def run_state(run: Row) -> RunState:
    """``run``: ended_at, stop_reason and silent_us, as `Reports` gives them."""
    if run["ended_at"] is not None:
        return RunState("ended", *in_words(run["stop_reason"]))
    if timedelta(microseconds=run["silent_us"]) <= LEASE:
        return RunState("running", "still going on", "sigue en marcha")
    return RunState(
        "died",
        f"it died: no sign of life since {run['heartbeat_at']:%Y-%m-%d %H:%M:%S} UTC;"
        " `settle` or the next run settles what it left open",
        f"murió: sin señales de vida desde {run['heartbeat_at']:%Y-%m-%d %H:%M:%S} UTC;"
        " `settle` o la próxima corrida resuelve lo que dejó abierto",
    )
