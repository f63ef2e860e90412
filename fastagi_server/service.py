"""What a handler works with."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from campaign.clock import Clock
from campaign.heard import Heard
from campaign.inbound import Recognised
from campaign.journal import CallEnd
from fastagi_server.recorder import Recorder


class CallerStore(Protocol):
    """Customers who ring back; each method is one transaction and raises OverdueError."""

    def recognise(self, number: str, at: datetime) -> Recognised | None:
        """Whom a number names; None: nobody who was called lately."""

    def record(self, call_id: str, heard: Heard) -> bool:
        """What he heard and did; False: there is no such call."""

    def record_back(self, call_id: str, end: CallEnd) -> bool:
        """The end of a call as the PBX reported it; False: there is no such call."""


@dataclass(frozen=True)
class Service:
    """Shared by all sessions of one worker process."""

    recorder: Recorder
    callers: CallerStore
    clock: Clock
    secret: str = field(repr=False)
    """What the tokens of calls are made with."""
    seconds: Callable[[], float] = time.monotonic
    """Measures how long a prompt has been playing."""
