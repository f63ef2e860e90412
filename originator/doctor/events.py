"""What the AMI user hears, from the events of the probe's call."""

from collections.abc import Mapping

from originator.doctor.finding import Finding, Words, ok, warning, wrong

NEEDED = frozenset({"Hangup", "OriginateResponse"})
"""What a call must bring; FullyBooted came already, else the login would have failed."""
_WANTED = NEEDED | {"FullyBooted", "Shutdown"}
_RIGHTS = {"system", "call", "all"}


def events(user: str, heard: Mapping[str, str]) -> Finding:
    """``heard``: the events since the login, each with its ``Privilege``."""
    if lacking := sorted(NEEDED - heard.keys()):
        names = ", ".join(lacking)
        return wrong(
            "ami events",
            Words(
                f"the AMI user {user} does not hear {names} of a call",
                f"el usuario AMI {user} no recibe {names} de una llamada",
            ),
            Words(
                "in its section of manager.conf write `read = system,call`, and let its"
                " eventfilter lines include these events, then `asterisk -rx 'manager reload'`",
                "en su sección de manager.conf escriba `read = system,call`, y que sus líneas"
                " eventfilter incluyan esos eventos, y luego `asterisk -rx 'manager reload'`",
            ),
        )
    surplus = sorted(heard.keys() - _WANTED)
    if not surplus:
        return ok(
            "ami events",
            f"the AMI user {user} hears what it needs, and nothing else came",
            f"el usuario AMI {user} recibe lo que necesita, y no llegó nada más",
        )
    rights = {right for name in surplus for right in heard[name].split(",") if right} - _RIGHTS
    english, spanish = ", ".join(surplus), ", ".join(surplus)
    if rights:
        names = ", ".join(sorted(rights))
        english += f" (by the read right {names})"
        spanish += f" (por el permiso de lectura {names})"
    return warning(
        "ami events",
        Words(
            f"the AMI user {user} hears more than it needs: {english}",
            f"el usuario AMI {user} recibe más de lo que necesita: {spanish}",
        ),
        Words(
            "give it `read = system,call` and the eventfilter lines of"
            " dialplan/samples/manager.conf, then `asterisk -rx 'manager reload'`",
            "dele `read = system,call` y las líneas eventfilter de"
            " dialplan/samples/manager.conf, y luego `asterisk -rx 'manager reload'`",
        ),
    )
