"""What the calls of a run need to know of it, read once from its row."""

import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from campaign.flow_terms import FlowTerms
from campaign.sections import DueRule
from campaign.source import Source
from campaign.store.database import Transaction


@dataclass(frozen=True)
class RunTerms:
    """What a call needs to know of its run; it never changes."""

    campaign: str
    source: Source | None
    """The company's tables; None: a test call, which neither reads nor writes there."""
    delivered_after_seconds: float
    time_zone: ZoneInfo
    due: DueRule
    flow: FlowTerms | None
    """What the answered leg does; None: the run began before runs stored it."""


class KnownRuns:
    """The terms of the runs that were asked for."""

    def __init__(self) -> None:
        """None is known at first."""
        self._terms: dict[str, RunTerms] = {}

    def terms(self, transaction: Transaction, run_id: str) -> RunTerms:
        """The terms of a run, read in the transaction that needs them first."""
        if run_id not in self._terms:
            row = transaction.rows("run_terms", id=run_id)[0]
            self._terms[run_id] = RunTerms(
                campaign=row["campaign"],
                source=Source.from_json(row["source_json"]) if row["source_json"] else None,
                delivered_after_seconds=float(row["delivered_after_seconds"]),
                time_zone=ZoneInfo(row["time_zone"]),
                due=DueRule(**json.loads(row["due_json"] or "{}")),
                flow=FlowTerms.from_json(row["flow_json"]) if row["flow_json"] else None,
            )
        return self._terms[run_id]
