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
    PAID_MEANWHILE = "paid_meanwhile"
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
    DESTINATION_REFUSED = "destination_refused"
    NOT_PLACED = "not_placed"

    @property
    def outcome_class(self) -> OutcomeClass:
        """Whose doing it was."""
        return _TABLE[self][0]

    @property
    def spanish(self) -> str:
        """What the operator's table calls it in Spanish."""
        return _TABLE[self][1]

    @property
    def spends_attempt(self) -> bool:
        """Whether it is one of the customer's attempts: the class person alone."""
        return self.outcome_class is OutcomeClass.PERSON


_TABLE = {
    Outcome.DELIVERED: (OutcomeClass.PERSON, "mensaje entregado"),
    Outcome.HUNG_UP_EARLY: (OutcomeClass.PERSON, "colgó antes de oírlo"),
    Outcome.PAID_MEANWHILE: (OutcomeClass.PERSON, "pagó entretanto"),
    Outcome.BUSY: (OutcomeClass.PERSON, "ocupado"),
    Outcome.NO_ANSWER: (OutcomeClass.PERSON, "no contestó"),
    Outcome.DECLINED: (OutcomeClass.PERSON, "rechazó la llamada"),
    Outcome.DOES_NOT_EXIST: (OutcomeClass.NUMBER, "el número no existe"),
    Outcome.CHANGED: (OutcomeClass.NUMBER, "el número cambió"),
    Outcome.BAD_FORMAT: (OutcomeClass.NUMBER, "número incompleto"),
    Outcome.CONGESTION: (OutcomeClass.NETWORK, "congestión"),
    Outcome.NETWORK_FAILURE: (OutcomeClass.NETWORK, "falla de la red"),
    Outcome.TRUNK_SILENT: (OutcomeClass.NETWORK, "la troncal no responde"),
    Outcome.TRUNK_DOWN: (OutcomeClass.NETWORK, "troncal caída"),
    Outcome.TRUNK_REFUSED: (OutcomeClass.NETWORK, "la troncal la rechazó"),
    Outcome.UNKNOWN: (OutcomeClass.NETWORK, "causa desconocida"),
    Outcome.LOST: (OutcomeClass.NETWORK, "se perdió el rastro"),
    Outcome.CODEC_MISMATCH: (OutcomeClass.OURS, "códec incompatible"),
    Outcome.DESTINATION_REFUSED: (OutcomeClass.OURS, "destino no permitido en la central"),
    Outcome.NOT_PLACED: (OutcomeClass.OURS, "no se hizo"),
}
