"""Whether the PBX has loaded our dialplan as this release writes it."""

from campaign import channel_variables as names
from dialplan.steps import Line
from originator.doctor.finding import Finding, Words, ok, warning, wrong

_RELOAD = "`asterisk -rx 'dialplan reload'`"
_TO_MESSAGE = f"{names.CONTEXT_MESSAGE},s,1"


def missing(context: str) -> Finding:
    """A context is not there at all."""
    file, english, spanish = "overdue.conf", "", ""
    if context == names.CONTEXT_DESTINATIONS:
        file = "overdue_destinations.conf"
        english = ", which says whom this site may call"
        spanish = ", que dice a quién puede llamar este sitio"
    return wrong(
        f"dialplan {context}",
        Words(
            f"the PBX has no context [{context}]{english}",
            f"la PBX no tiene el contexto [{context}]{spanish}",
        ),
        Words(
            f"include dialplan/{file} and run `dialplan reload`",
            f"incluya dialplan/{file} y ejecute `dialplan reload`",
        ),
    )


def same(context: str, wanted: set[Line], loaded: set[Line] | None) -> Finding:
    """``wanted``: the packaged file's lines; ``loaded``: the PBX's; None: no such context."""
    if loaded is None:
        return missing(context)
    lacking, surplus = sorted(map(str, wanted - loaded)), sorted(map(str, loaded - wanted))
    if not lacking and not surplus:
        return ok(
            f"dialplan {context}",
            f"[{context}] is loaded, {len(wanted)} lines as in the packaged file",
            f"[{context}] está cargado, {len(wanted)} líneas como en el archivo del paquete",
        )
    english = [f"not loaded: {line}" for line in lacking] + [f"loaded: {li}" for li in surplus]
    spanish = [f"sin cargar: {line}" for line in lacking] + [f"cargada: {li}" for li in surplus]
    return wrong(
        f"dialplan {context}",
        Words(
            f"[{context}] differs from the packaged file; {'; '.join(english)}",
            f"[{context}] difiere del archivo del paquete; {'; '.join(spanish)}",
        ),
        Words(
            f"copy the packaged dialplan/overdue.conf to the PBX again, then {_RELOAD}",
            f"copie otra vez a la PBX el dialplan/overdue.conf del paquete, y luego {_RELOAD}",
        ),
    )


def destinations(loaded: set[Line] | None) -> Finding:
    """The site writes these itself: each must lead to the message, and there must be one."""
    context = names.CONTEXT_DESTINATIONS
    if loaded is None:
        return missing(context)
    astray = sorted(str(line) for line in loaded if getattr(line, "data", "") != _TO_MESSAGE)
    if not loaded:
        return wrong(
            f"dialplan {context}",
            Words(f"[{context}] allows no number", f"[{context}] no permite ningún número"),
            Words(
                f"write the patterns of the site into overdue_destinations.conf, then {_RELOAD}",
                f"escriba los patrones del sitio en overdue_destinations.conf, y luego {_RELOAD}",
            ),
        )
    if astray:
        return warning(
            f"dialplan {context}",
            Words(
                f"[{context}] leads elsewhere than to the message: {'; '.join(astray)}",
                f"[{context}] lleva a otra parte que al mensaje: {'; '.join(astray)}",
            ),
            Words(
                f"let each pattern be `Goto({_TO_MESSAGE})`, then {_RELOAD}",
                f"que cada patrón sea `Goto({_TO_MESSAGE})`, y luego {_RELOAD}",
            ),
        )
    return ok(
        f"dialplan {context}",
        f"[{context}] is loaded, {len(loaded)} patterns of the site",
        f"[{context}] está cargado, {len(loaded)} patrones del sitio",
    )
