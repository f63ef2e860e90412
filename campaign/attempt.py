"""The states of one attempt and the edges between them (``docs/state-machine.md``)."""

from enum import StrEnum


class State(StrEnum):
    """Where an attempt stands."""

    CLAIMED = "claimed"
    DIALING = "dialing"
    ANSWERED = "answered"
    UNRESOLVED = "unresolved"
    RELEASED = "released"
    ENDED = "ended"


EDGES = {
    State.CLAIMED: {State.DIALING, State.RELEASED},
    State.DIALING: {State.ANSWERED, State.UNRESOLVED, State.ENDED},
    State.ANSWERED: {State.ENDED},
    State.UNRESOLVED: {State.ENDED},
    State.RELEASED: set(),
    State.ENDED: set(),
}
"""From a state to those that it can become; nothing else is ever written."""

OPEN = tuple(state for state in State if EDGES[state])
FINAL = tuple(state for state in State if not EDGES[state])


def sources(target: State) -> tuple[State, ...]:
    """The states from which ``target`` can be reached: the guard of every UPDATE."""
    return tuple(state for state in State if target in EDGES[state])
