"""The one word that ends a run: no new calls, those that are up go on to their end."""

import asyncio
from collections.abc import Callable

from originator.stop_reason import StopReason


class Stop:
    """Why a run makes no new calls; the first reason stays."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """``tell`` is told of the reason, once."""
        self.reason: StopReason | None = None
        self.detail = ""
        self._tell = tell
        self._asked = asyncio.Event()

    def __bool__(self) -> bool:
        """Whether it was asked."""
        return self.reason is not None

    def ask(self, reason: StopReason, detail: str = "") -> None:
        """Make no new calls; ``detail``: what is to be mended, in one sentence."""
        if self.reason is None:
            self.reason = reason
            self.detail = detail
            self._asked.set()
            said = f" ({detail})" if detail else ""
            self._tell(f"no new calls: {reason.english}{said}")

    async def pause(self, seconds: float) -> None:
        """Sleep, but no longer than until it is asked."""
        if seconds <= 0:
            return
        try:
            await asyncio.wait_for(self._asked.wait(), seconds)
        except TimeoutError:
            return
