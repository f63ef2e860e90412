"""What a handler works with."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from campaign.clock import Clock
from fastagi_server.recorder import Recorder


@dataclass(frozen=True)
class Service:
    """Shared by all sessions of one worker process."""

    recorder: Recorder
    clock: Clock
    seconds: Callable[[], float] = time.monotonic
    """Measures how long a prompt has been playing."""
