"""Why a customer is not called now: stable codes to count by, with a text in English and Spanish.

The one list for every rule, so that the reasons of a plan add up to all customers.
"""

from enum import StrEnum


class Reason(StrEnum):
    """A reason's code; it is stored and counted, so it never changes its meaning."""

    # The customer's row (campaign.eligibility).
    OUTSIDE_CAMPAIGN = "outside_campaign"
    BAD_ID = "bad_id"
    NOT_FLAGGED = "not_flagged"
    ALREADY_SENT = "already_sent"
    NOTHING_OWED = "nothing_owed"
    BAD_CUT_DAY = "bad_cut_day"
    BAD_DUE_DATE = "bad_due_date"
    NOT_DUE = "not_due"
    BAD_NUMBER = "bad_number"
    ROW_CHANGED = "row_changed"
    SAME_PERSON = "same_person"
    # What is wrong with a number (campaign.phone); the detail of BAD_NUMBER.
    NUMBER_EMPTY = "number_empty"
    NUMBER_INVALID = "number_invalid"
    NUMBER_FOREIGN = "number_foreign"
    NUMBER_PLACEHOLDER = "number_placeholder"
    NUMBER_WRONG_KIND = "number_wrong_kind"
    NUMBER_WRONG_PREFIX = "number_wrong_prefix"
    # Who said that a number is not to be called: its owner, or the PBX's own dialplan.
    DO_NOT_CALL = "do_not_call"
    DESTINATION_REFUSED = "destination_refused"
    WRONG_NUMBER = "wrong_number"
    # Earlier attempts (campaign.retry).
    OPEN_ATTEMPT = "open_attempt"
    PROMISED = "promised"
    ANSWERED_TODAY = "answered_today"
    DECLINED_TODAY = "declined_today"
    UNCERTAIN_TODAY = "uncertain_today"
    REFUSED_TODAY = "refused_today"
    WAITS_FOR_TOMORROW = "waits_for_tomorrow"
    ATTEMPTED_TODAY = "attempted_today"
    ATTEMPTS_SPENT = "attempts_spent"
    CYCLE_SPENT = "cycle_spent"
    ALL_SPENT = "all_spent"
    SPACING = "spacing"
    BACK_OFF = "back_off"
    NUMBER_DEAD = "number_dead"
    OTHER_NUMBER = "other_number"
    # The hours (campaign.hours).
    BEFORE_OPENING = "before_opening"
    AFTER_CLOSING = "after_closing"
    SUNDAY = "sunday"
    HOLIDAY = "holiday"
    COMPANY_HOLIDAY = "company_holiday"
    COMPANY_CLOSED = "company_closed"

    @property
    def english(self) -> str:
        """What it means, for an English reader."""
        return _TEXT[self][0]

    @property
    def spanish(self) -> str:
        """What it means, for a Spanish reader."""
        return _TEXT[self][1]


_TEXT = {
    Reason.OUTSIDE_CAMPAIGN: (
        "does not meet the campaign's conditions",
        "no cumple las condiciones de la campaña",
    ),
    Reason.BAD_ID: (
        "the key has more than 64 characters",
        "la clave tiene más de 64 caracteres",
    ),
    Reason.NOT_FLAGGED: ("not marked to be called", "no está marcado para llamar"),
    Reason.ALREADY_SENT: ("the message was already delivered", "el mensaje ya fue entregado"),
    Reason.NOTHING_OWED: ("owes nothing", "no debe nada"),
    Reason.BAD_CUT_DAY: (
        "the cut day is not a day from 1 to 31",
        "el día de corte no es un día de 1 a 31",
    ),
    Reason.BAD_DUE_DATE: (
        "no open invoice has a due date",
        "ninguna factura abierta tiene fecha de vencimiento",
    ),
    Reason.NOT_DUE: ("the cut or due date is not near", "el corte o el pago no está cerca"),
    Reason.BAD_NUMBER: ("no number that can be called", "sin número al que se pueda llamar"),
    Reason.ROW_CHANGED: (
        "the numbers or the person changed just now",
        "los números o la persona cambiaron en este momento",
    ),
    Reason.SAME_PERSON: (
        "a customer with the same number or person comes first",
        "antes va un cliente con el mismo número o la misma persona",
    ),
    Reason.NUMBER_EMPTY: ("no number", "sin número"),
    Reason.NUMBER_INVALID: ("not a Colombian number", "no es un número colombiano"),
    Reason.NUMBER_FOREIGN: ("a number of another country", "un número de otro país"),
    Reason.NUMBER_PLACEHOLDER: ("a made-up number", "un número de relleno"),
    Reason.NUMBER_WRONG_KIND: (
        "a kind of number that the campaign does not call",
        "un tipo de número al que la campaña no llama",
    ),
    Reason.NUMBER_WRONG_PREFIX: (
        "a number that begins with none of the campaign's prefixes",
        "un número que no empieza con ningún prefijo de la campaña",
    ),
    Reason.DO_NOT_CALL: (
        "the number is on the do-not-call list",
        "el número está en la lista de no llamar",
    ),
    Reason.DESTINATION_REFUSED: (
        "the PBX's dialplan does not allow calls to the number",
        "el plan de marcado de la central no permite llamar al número",
    ),
    Reason.WRONG_NUMBER: (
        "who answered there said that he is not this customer",
        "quien contestó ahí dijo que no es este cliente",
    ),
    Reason.OPEN_ATTEMPT: ("a call is under way", "hay una llamada en curso"),
    Reason.PROMISED: (
        "promised to pay, and the day and its grace are not over",
        "prometió pagar, y el plazo con su gracia no ha vencido",
    ),
    Reason.ANSWERED_TODAY: ("answered a call today", "hoy contestó una llamada"),
    Reason.DECLINED_TODAY: ("declined a call today", "hoy rechazó una llamada"),
    Reason.UNCERTAIN_TODAY: (
        "a call of today may have reached the customer",
        "una llamada de hoy pudo haber llegado al cliente",
    ),
    Reason.REFUSED_TODAY: (
        "the trunk refused the call today",
        "la troncal rechazó la llamada de hoy",
    ),
    Reason.WAITS_FOR_TOMORROW: (
        "after today's call the campaign waits for the next day",
        "tras la llamada de hoy la campaña espera al día siguiente",
    ),
    Reason.ATTEMPTED_TODAY: (
        "a call of today counts as the day's contact",
        "una llamada de hoy cuenta como el contacto del día",
    ),
    Reason.ATTEMPTS_SPENT: ("no attempts left today", "sin intentos para hoy"),
    Reason.CYCLE_SPENT: ("no attempts left in this cycle", "sin intentos en este ciclo"),
    Reason.ALL_SPENT: ("no attempts left at all", "sin más intentos"),
    Reason.SPACING: (
        "too soon after the last attempt",
        "muy pronto después del último intento",
    ),
    Reason.BACK_OFF: (
        "too soon after a failure of the network",
        "muy pronto después de una falla de la red",
    ),
    Reason.NUMBER_DEAD: (
        "the network said that the number is not in service",
        "la red dijo que el número no está en servicio",
    ),
    Reason.OTHER_NUMBER: (
        "another of the customer's numbers comes next",
        "sigue otro de los números del cliente",
    ),
    Reason.BEFORE_OPENING: ("before the opening hour", "antes de la hora de inicio"),
    Reason.AFTER_CLOSING: ("after the last start of the day", "después del último inicio del día"),
    Reason.SUNDAY: ("Sunday", "domingo"),
    Reason.HOLIDAY: ("public holiday", "día festivo"),
    Reason.COMPANY_HOLIDAY: ("holiday of the company", "día festivo de la empresa"),
    Reason.COMPANY_CLOSED: (
        "a weekday on which the company does not call",
        "un día de la semana en que la empresa no llama",
    ),
}
