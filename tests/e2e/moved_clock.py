"""Our processes with another clock than the machine's (libfaketime); monotonic time stays real."""

from pathlib import Path

_LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))


class MovedClock:
    """The clock of every process that is started with ``environment``; it can jump meanwhile."""

    def __init__(self, directory: Path) -> None:
        """The clock is right at first."""
        self._file = directory / "clock"
        self.jump(0)
        self.environment = {
            "LD_PRELOAD": str(_LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, seconds: float) -> None:
        """Set it so far ahead of the machine's, from now on."""
        partial = self._file.with_suffix(".partial")
        partial.write_text(f"{seconds:+.3f}\n")
        partial.rename(self._file)
