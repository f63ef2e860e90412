"""How long a database may be away before a run gives up."""

import time

DATABASE_PATIENCE_SECONDS = 60.0


class Patience:
    """Counts from the first failure since the last answer."""

    def __init__(self) -> None:
        """Nothing has failed yet."""
        self._failed_at: float | None = None

    def answered(self) -> None:
        """The database is there."""
        self._failed_at = None

    def over(self) -> bool:
        """It failed once more; whether it has done so for too long."""
        now = time.monotonic()
        if self._failed_at is None:
            self._failed_at = now
        return now - self._failed_at > DATABASE_PATIENCE_SECONDS
