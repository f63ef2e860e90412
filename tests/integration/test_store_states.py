"""No method of the store makes a transition that is not an edge of the drawing."""

from collections.abc import Callable
from contextlib import suppress

import pytest

from campaign.attempt import EDGES, State
from campaign.heard import Heard
from campaign.journal import CallEnd, Course, Leg
from campaign.outcome import Outcome
from campaign.store import StoreError
from tests.integration.conftest import NOW, Company

END = CallEnd(17, "SIP 486 Busy Here", NOW, None, None)
MOVES: dict[State, list[Callable[[Company, str], object]]] = {
    State.DIALING: [lambda c, a: c.dial(a)],
    State.RELEASED: [lambda c, a: c.attempts.release(a, NOW)],
    State.ANSWERED: [lambda c, a: c.meet(a)],
    State.ENDED: [
        lambda c, a: c.store.calls.record_end(a, END),
        lambda c, a: c.store.calls.record_without_call(a, Outcome.LOST, NOW, "test"),
    ],
}
"""By the state that they lead to; nothing writes `unresolved` yet, and a claim is an insert."""


@pytest.mark.parametrize("move", [m for moves in MOVES.values() for m in moves])
@pytest.mark.parametrize("source", State)
def test_a_move_is_made_along_an_edge_or_not_at_all(
    company: Company, source: State, move: Callable[[Company, str], object]
) -> None:
    target = next(state for state, moves in MOVES.items() if move in moves)
    attempt_id = company.claimed(company.customer())
    company.put(attempt_id, source)
    before = company.attempt(attempt_id)
    with suppress(StoreError):
        move(company, attempt_id)
    after = company.attempt(attempt_id)
    if target in EDGES[source]:
        assert after["state"] == target
    else:
        assert after == before


@pytest.mark.parametrize("source", State)
def test_what_was_heard_moves_no_attempt(company: Company, source: State) -> None:
    attempt_id = company.claimed(company.customer())
    company.put(attempt_id, source)
    company.store.calls.record_heard(
        attempt_id, Heard(Course.ANNOUNCEMENT, Leg(3.0, finished=False, keys="", by="agi"))
    )
    assert company.attempt(attempt_id)["state"] == source


@pytest.mark.parametrize("target", [State.DIALING, State.RELEASED])
def test_the_originator_is_told_that_another_moved_its_attempt(
    company: Company, target: State
) -> None:
    attempt_id = company.dialing(company.customer())
    with pytest.raises(StoreError, match=f"{attempt_id} could not become {target}"):
        MOVES[target][0](company, attempt_id)
