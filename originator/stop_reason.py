"""Why a run made no more calls: stable codes, with a text in English and Spanish."""

from enum import StrEnum

from originator.exit_codes import ExitCode


class StopReason(StrEnum):
    """A reason's code; it is stored and reported, so it never changes its meaning."""

    DONE = "done"
    LIMIT_REACHED = "limit_reached"
    SIGNAL = "signal"
    SECOND_SIGNAL = "second_signal"
    OUTSIDE_HOURS = "outside_hours"
    RUN_TIME_OVER = "run_time_over"
    CALLS_PER_DAY_REACHED = "calls_per_day_reached"
    MINUTES_PER_DAY_REACHED = "minutes_per_day_reached"
    CLOCK_JUMPED = "clock_jumped"
    CLOCKS_DIFFER = "clocks_differ"
    DATABASE_AWAY = "database_away"
    AMI_REFUSED = "ami_refused"
    UNSETTLED_ATTEMPTS = "unsettled_attempts"
    TRUNK_FAILED = "trunk_failed"
    ORIGINATE_REFUSED = "originate_refused"
    OUR_MISTAKE = "our_mistake"

    @property
    def english(self) -> str:
        """What it means, for an English reader."""
        return _TEXT[self][0]

    @property
    def spanish(self) -> str:
        """What it means, for a Spanish reader."""
        return _TEXT[self][1]

    @property
    def exit_code(self) -> ExitCode:
        """How the run's command ends."""
        if self in (StopReason.DONE, StopReason.LIMIT_REACHED):
            return ExitCode.DONE
        if self in (StopReason.ORIGINATE_REFUSED, StopReason.OUR_MISTAKE):
            return ExitCode.OURS
        return ExitCode.STOPPED


_TEXT = {
    StopReason.DONE: (
        "nobody else was due",
        "no quedaba nadie por llamar",
    ),
    StopReason.LIMIT_REACHED: (
        "it made as many calls as --limit says",
        "hizo tantas llamadas como dice --limit",
    ),
    StopReason.SIGNAL: (
        "somebody told it to stop (Ctrl-C or SIGTERM)",
        "alguien le pidió parar (Ctrl-C o SIGTERM)",
    ),
    StopReason.SECOND_SIGNAL: (
        "a second signal ended it at once",
        "una segunda señal la terminó de inmediato",
    ),
    StopReason.OUTSIDE_HOURS: (
        "the last start of the day had come",
        "había llegado el último inicio del día",
    ),
    StopReason.RUN_TIME_OVER: (
        "its longest time was over",
        "se acabó su tiempo máximo",
    ),
    StopReason.CALLS_PER_DAY_REACHED: (
        "the campaign has made as many calls as limits.calls_per_day allows",
        "la campaña hizo tantas llamadas como permite limits.calls_per_day",
    ),
    StopReason.MINUTES_PER_DAY_REACHED: (
        "the campaign has used up the minutes that limits.minutes_per_day allows",
        "la campaña gastó los minutos que permite limits.minutes_per_day",
    ),
    StopReason.CLOCK_JUMPED: (
        "this machine's clock was set, or the machine was suspended",
        "se cambió el reloj de esta máquina, o la máquina estuvo suspendida",
    ),
    StopReason.CLOCKS_DIFFER: (
        "the database's clock and this machine's came to differ",
        "el reloj de la base de datos y el de esta máquina dejaron de coincidir",
    ),
    StopReason.DATABASE_AWAY: (
        "the database was away for too long",
        "la base de datos no respondió por demasiado tiempo",
    ),
    StopReason.AMI_REFUSED: (
        "the PBX refused the AMI link",
        "la PBX rechazó el enlace AMI",
    ),
    StopReason.UNSETTLED_ATTEMPTS: (
        "the outcome of some calls stayed unknown",
        "no se supo en qué terminaron algunas llamadas",
    ),
    StopReason.TRUNK_FAILED: (
        "the trunk failed again and again: the next run calls those whom it did not reach",
        "la troncal falló una y otra vez: la próxima corrida llama a quienes no se alcanzó",
    ),
    StopReason.ORIGINATE_REFUSED: (
        "the PBX refused a call",
        "la PBX rechazó una llamada",
    ),
    StopReason.OUR_MISTAKE: (
        "every call would have failed by a mistake on our side",
        "todas las llamadas habrían fallado por un error de nuestro lado",
    ),
}


def in_words(stored: str) -> tuple[str, str]:
    """English and Spanish of ``code: detail``, as the database keeps why a run stopped."""
    code, _, detail = stored.partition(": ")
    try:
        reason = StopReason(code)
    except ValueError:  # of another release
        return stored, stored
    said = f" ({detail})" if detail else ""
    return reason.english + said, reason.spanish + said
