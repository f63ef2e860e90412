"""What can come of a call, and whose doing it was (``docs/state-machine.md``)."""

from enum import StrEnum


class OutcomeClass(StrEnum):
    """Whose doing an outcome was; decides what it costs the customer."""

    PERSON = "person"
    NUMBER = "number"
    NETWORK = "network"
    OURS = "ours"


class Evidence(StrEnum):
    """What an outcome tells of the trunk that carried the call (`campaign.breaker`)."""

    WORKS = "works"
    """The far end spoke of the number that was dialled."""
    FAILS = "fails"
    """The trunk did not carry the call."""
    NOTHING = "nothing"
    """It is not the trunk's doing, or nobody knows whose."""


class Outcome(StrEnum):
    """The final word on one attempt."""

    DELIVERED = "delivered"
    HUNG_UP_EARLY = "hung_up_early"
    PAID_MEANWHILE = "paid_meanwhile"
    NOT_CONFIRMED = "not_confirmed"
    MACHINE = "machine"
    WRONG_PERSON = "wrong_person"
    OPTED_OUT = "opted_out"
    PROMISED = "promised"
    TRANSFERRED = "transferred"
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
    def evidence(self) -> Evidence:
        """What it tells of the trunk."""
        return _TABLE[self][1]

    @property
    def spanish(self) -> str:
        """What the operator's table calls it in Spanish."""
        return _TABLE[self][2]

    @property
    def spends_attempt(self) -> bool:
        """Whether it is one of the customer's attempts: the class person alone."""
        return self.outcome_class is OutcomeClass.PERSON


_TABLE = {
    Outcome.DELIVERED: (OutcomeClass.PERSON, Evidence.WORKS, "mensaje entregado"),
    Outcome.HUNG_UP_EARLY: (OutcomeClass.PERSON, Evidence.WORKS, "colgó antes de oírlo"),
    Outcome.PAID_MEANWHILE: (OutcomeClass.PERSON, Evidence.WORKS, "pagó entretanto"),
    Outcome.NOT_CONFIRMED: (OutcomeClass.PERSON, Evidence.WORKS, "no confirmó ser el titular"),
    Outcome.MACHINE: (OutcomeClass.PERSON, Evidence.WORKS, "contestó una máquina"),
    Outcome.WRONG_PERSON: (OutcomeClass.PERSON, Evidence.WORKS, "no es la persona"),
    Outcome.OPTED_OUT: (OutcomeClass.PERSON, Evidence.WORKS, "pidió no recibir llamadas"),
    Outcome.PROMISED: (OutcomeClass.PERSON, Evidence.WORKS, "prometió pagar"),
    Outcome.TRANSFERRED: (OutcomeClass.PERSON, Evidence.WORKS, "pasó a un asesor"),
    Outcome.BUSY: (OutcomeClass.PERSON, Evidence.WORKS, "ocupado"),
    Outcome.NO_ANSWER: (OutcomeClass.PERSON, Evidence.WORKS, "no contestó"),
    Outcome.DECLINED: (OutcomeClass.PERSON, Evidence.WORKS, "rechazó la llamada"),
    Outcome.DOES_NOT_EXIST: (OutcomeClass.NUMBER, Evidence.WORKS, "el número no existe"),
    Outcome.CHANGED: (OutcomeClass.NUMBER, Evidence.WORKS, "el número cambió"),
    Outcome.BAD_FORMAT: (OutcomeClass.NUMBER, Evidence.WORKS, "número incompleto"),
    Outcome.CONGESTION: (OutcomeClass.NETWORK, Evidence.FAILS, "congestión"),
    Outcome.NETWORK_FAILURE: (OutcomeClass.NETWORK, Evidence.FAILS, "falla de la red"),
    Outcome.TRUNK_SILENT: (OutcomeClass.NETWORK, Evidence.FAILS, "la troncal no responde"),
    Outcome.TRUNK_DOWN: (OutcomeClass.NETWORK, Evidence.FAILS, "troncal caída"),
    Outcome.TRUNK_REFUSED: (OutcomeClass.NETWORK, Evidence.FAILS, "la troncal la rechazó"),
    Outcome.UNKNOWN: (OutcomeClass.NETWORK, Evidence.NOTHING, "causa desconocida"),
    Outcome.LOST: (OutcomeClass.NETWORK, Evidence.NOTHING, "se perdió el rastro"),
    Outcome.CODEC_MISMATCH: (OutcomeClass.OURS, Evidence.NOTHING, "códec incompatible"),
    Outcome.DESTINATION_REFUSED: (
        OutcomeClass.OURS,
        Evidence.NOTHING,
        "destino no permitido en la central",
    ),
    Outcome.NOT_PLACED: (OutcomeClass.OURS, Evidence.NOTHING, "no se hizo"),
}
