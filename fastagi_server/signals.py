"""Signals as something that select() can wait for."""

import os
import signal
from types import TracebackType
from typing import Self


class Signals:
    """Collects the given signals for as long as the block lasts; main thread only."""

    def __init__(self, *numbers: signal.Signals) -> None:
        self._numbers = numbers
        self._before: dict[signal.Signals, signal.Handlers] = {}

    def __enter__(self) -> Self:
        self.fd, self._write = os.pipe()
        os.set_blocking(self.fd, False)
        os.set_blocking(self._write, False)
        signal.set_wakeup_fd(self._write)
        for number in self._numbers:
            signal.signal(number, lambda *_: None)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.give_back()

    def give_back(self) -> None:
        """Restore the usual meaning of the signals; what a forked child does first."""
        signal.set_wakeup_fd(-1)
        for number in self._numbers:
            signal.signal(number, signal.SIG_DFL)
        os.close(self.fd)
        os.close(self._write)

    def received(self) -> int:
        """How many came since the last time."""
        return len(os.read(self.fd, 512))
