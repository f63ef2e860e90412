"""The globals that a site sets for our dialplan."""

import re

from campaign import channel_variables as names
from originator.doctor.finding import Finding, Words, ok, wrong

_ADDRESS = re.compile(r"(\d{1,3}(\.\d{1,3}){3}|\[[0-9A-Fa-f:.]+\]):\d{1,5}")


def fastagi_address(value: str) -> Finding:
    """``value``: of the global on the PBX; empty: it has none."""
    check = f"global {names.FASTAGI}"
    mend = (
        f"`{names.FASTAGI}=127.0.0.1:4573` in overdue_globals.conf, included before overdue.conf,",
        "`asterisk -rx 'dialplan reload'`",
    )
    todo = Words(f"write {mend[0]} then {mend[1]}", f"escriba {mend[0]} y luego {mend[1]}")
    if not value:
        return wrong(
            check,
            Words(
                f"the PBX has no global {names.FASTAGI}",
                f"la PBX no tiene la variable global {names.FASTAGI}",
            ),
            todo,
        )
    if not _ADDRESS.fullmatch(value):
        return wrong(
            check,
            Words(
                f"{names.FASTAGI} is {value}, which is no literal address with a port",
                f"{names.FASTAGI} es {value}, que no es una dirección literal con puerto",
            ),
            todo,
        )
    return ok(check, f"{names.FASTAGI} is {value}", f"{names.FASTAGI} es {value}")
