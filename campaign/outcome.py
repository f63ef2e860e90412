"""What can come of a call, and whose doing it was (``docs/state-machine.md``)."""

from enum import StrEnum


class OutcomeClass(StrEnum):
    """Whose doing an outcome was; decides what it costs the customer."""

    PERSON = "person"
    NUMBER = "number"
    NETWORK = "network"
    OURS = "ours"


class Outcome(StrEnum):
    """The final word on one attempt."""

    DELIVERED = "delivered"
    HUNG_UP_EARLY = "hung_up_early"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    DECLINED = "declined"
    DOES_NOT_EXIST = "does_not_exist"
    CHANGED = "changed"
    BAD_FORMAT = "bad_format"
    CONGESTION = "congestion"
    NETWORK_FAILURE = "network_failure"
    TRUNK_SILENT = "trunk_silent"
    TRUNK_DOWN = "trunk_down"
    TRUNK_REFUSED = "trunk_refused"
    UNKNOWN = "unknown"
    LOST = "lost"
    CODEC_MISMATCH = "codec_mismatch"
    NOT_PLACED = "not_placed"

    @property
    def outcome_class(self) -> OutcomeClass:
        """Whose doing it was."""
        return _CLASS[self]

    @property
    def spends_attempt(self) -> bool:
        """Whether ``outbound_call_attempts`` counts it: the classes person and number."""
        return self.outcome_class in (OutcomeClass.PERSON, OutcomeClass.NUMBER)


_CLASS = {
    Outcome.DELIVERED: OutcomeClass.PERSON,
    Outcome.HUNG_UP_EARLY: OutcomeClass.PERSON,
    Outcome.BUSY: OutcomeClass.PERSON,
    Outcome.NO_ANSWER: OutcomeClass.PERSON,
    Outcome.DECLINED: OutcomeClass.PERSON,
    Outcome.DOES_NOT_EXIST: OutcomeClass.NUMBER,
    Outcome.CHANGED: OutcomeClass.NUMBER,
    Outcome.BAD_FORMAT: OutcomeClass.NUMBER,
    Outcome.CONGESTION: OutcomeClass.NETWORK,
    Outcome.NETWORK_FAILURE: OutcomeClass.NETWORK,
    Outcome.TRUNK_SILENT: OutcomeClass.NETWORK,
    Outcome.TRUNK_DOWN: OutcomeClass.NETWORK,
    Outcome.TRUNK_REFUSED: OutcomeClass.NETWORK,
    Outcome.UNKNOWN: OutcomeClass.NETWORK,
    Outcome.LOST: OutcomeClass.NETWORK,
    Outcome.CODEC_MISMATCH: OutcomeClass.OURS,
    Outcome.NOT_PLACED: OutcomeClass.OURS,
}
