"""The carrier's own record of its calls: the independent truth of every test."""

import csv
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal, cast

from lab.ports import CARRIER_SIP

COLUMNS = (
    "number",
    "caller_id",
    "invite_at",
    "answer_at",
    "end_at",
    "ended_by",
    "sip_code",
    "recording",
    "port",
)


@dataclass(frozen=True)
class CarrierCall:
    """One call as the carrier saw it."""

    number: str
    caller_id: str
    invite_at: datetime
    answer_at: datetime | None
    end_at: datetime
    ended_by: Literal["caller", "carrier"]
    sip_code: int
    """The final answer to the INVITE: 200, 486, …; 487 when the caller gave up."""
    recording: str
    """File name of what the carrier heard; empty when nothing was recorded."""
    port: int = CARRIER_SIP.number
    """The carrier's port, which tells the trunk."""

    @property
    def answered_seconds(self) -> float | None:
        """From answer to end; None when it was not answered."""
        if self.answer_at is None:
            return None
        return (self.end_at - self.answer_at).total_seconds()


def read_calls(lines: Iterable[str]) -> list[CarrierCall]:
    """The calls of a record, in the order in which they ended; the first line is the header."""
    return [
        CarrierCall(
            number=row["number"],
            caller_id=row["caller_id"],
            invite_at=_time(row["invite_at"]),
            answer_at=_time(row["answer_at"]) if row["answer_at"] else None,
            end_at=_time(row["end_at"]),
            ended_by=cast(Literal["caller", "carrier"], row["ended_by"]),
            sip_code=int(row["sip_code"]),
            recording=row["recording"],
            port=int(row["port"]),
        )
        for row in csv.DictReader(lines)
    ]


def _time(epoch: str) -> datetime:
    return datetime.fromtimestamp(float(epoch), UTC)
