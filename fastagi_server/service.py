"""What a handler works with."""

from dataclasses import dataclass

from campaign.clock import Clock
from fastagi_server.recorder import Recorder


@dataclass(frozen=True)
class Service:
    """Shared by all sessions of one worker process."""

    recorder: Recorder
    clock: Clock
