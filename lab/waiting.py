"""Waiting for a condition of another process, with a limit."""

import time
from collections.abc import Callable

_POLL_SECONDS = 0.05


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = _POLL_SECONDS) -> bool:
    """Poll ``condition`` until it holds; False when it did not within ``seconds``.

    ``pause``: seconds between two looks; longer where a look costs much.
    """
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True
