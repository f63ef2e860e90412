"""What a handler works with."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from campaign.clock import Clock
from fastagi_server.recorder import Recorder


@dataclass(frozen=True)
class Service:
    """Shared by all sessions of one worker process."""

    recorder: Recorder
    clock: Clock
    secret: str = field(repr=False)
    """What the tokens of calls are made with."""
    seconds: Callable[[], float] = time.monotonic
    """Measures how long a prompt has been playing."""
