"""Our processes with another clock than the machine's (libfaketime); monotonic time stays real."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.e2e.scene import Scene

_LIBRARY = next(Path("/usr/lib").glob("*/faketime/libfaketime.so.1"))


class MovedClock:
    """The clock of every process that is started with ``environment``; it can jump meanwhile."""

    def __init__(self, directory: Path) -> None:
        """The clock is right at first."""
        self._file = directory / "clock"
        self.ahead = timedelta(0)
        """Of the machine's."""
        self.jump(0)
        self.environment = {
            "LD_PRELOAD": str(_LIBRARY),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
        }

    def jump(self, seconds: float) -> None:
        """Set it so far ahead of the machine's, from now on."""
        self.ahead = timedelta(seconds=seconds)
        partial = self._file.with_suffix(".partial")
        partial.write_text(f"{seconds:+.3f}\n")
        partial.rename(self._file)

    def set(self, moment: datetime) -> None:
        """Let it be ``moment`` now."""
        self.jump((moment - datetime.now(UTC)).total_seconds())


@contextmanager
def everything_moved(scene: Scene, clock: MovedClock) -> Iterator[None]:
    """Let the database and the FastAGI server live by ``clock`` too; the PBX and the carrier do
    not, and the carrier's record keeps the machine's time."""
    _restart(scene, clock.environment)
    try:
        yield
    finally:
        _restart(scene, None)


def _restart(scene: Scene, environment: Mapping[str, str] | None) -> None:
    scene.stop_fastagi()
    scene.lab.database.stop()
    scene.lab.database.process.wait_ended(30)
    scene.restart_database(environment)
    scene.start_fastagi(environment=environment)
