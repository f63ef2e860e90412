"""The one word that ends a run: no new calls, those that are up go on to their end."""

import asyncio
from collections.abc import Callable


class Stop:
    """Why a run makes no new calls; the first reason stays."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        """``tell`` is told of the reason, once."""
        self.reason: str | None = None
        self._tell = tell
        self._asked = asyncio.Event()

    def __bool__(self) -> bool:
        """Whether it was asked."""
        return self.reason is not None

    def ask(self, reason: str) -> None:
        """Make no new calls."""
        if self.reason is None:
            self.reason = reason
            self._asked.set()
            self._tell(f"no new calls: {reason}")

    async def pause(self, seconds: float) -> None:
        """Sleep, but no longer than until it is asked."""
        if seconds <= 0:
            return
        try:
            await asyncio.wait_for(self._asked.wait(), seconds)
        except TimeoutError:
            return
