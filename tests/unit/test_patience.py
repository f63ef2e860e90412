import pytest

from originator import patience
from originator.patience import DATABASE_PATIENCE_SECONDS, Patience


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What the monotonic clock says."""
    now = [1000.0]
    monkeypatch.setattr(patience.time, "monotonic", lambda: now[0])
    return now


def test_it_counts_from_the_first_failure(clock: list[float]) -> None:
    waiting = Patience()
    clock[0] += 10 * DATABASE_PATIENCE_SECONDS
    assert not waiting.over()
    clock[0] += DATABASE_PATIENCE_SECONDS
    assert not waiting.over()
    clock[0] += 1
    assert waiting.over()


def test_an_answer_in_between_makes_it_begin_anew(clock: list[float]) -> None:
    waiting = Patience()
    waiting.over()
    clock[0] += DATABASE_PATIENCE_SECONDS
    waiting.answered()
    clock[0] += 1
    assert not waiting.over()
