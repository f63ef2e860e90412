"""What the AMI user may write, from what ListCommands offers it."""

import re
from collections.abc import Iterable, Mapping

from originator.doctor.finding import Finding, Words, ok, warning, wrong

NEEDED = {
    "originate": ("Originate",),
    "reporting": (
        "CoreShowChannels", "CoreStatus", "DBGet", "DBGetTree", "Getvar", "ShowDialPlan",
    ),
}  # fmt: skip
"""Write rights, and the actions of ours that need each."""
_RIGHTS = re.compile(r"\(Priv: ([^)]*)\)")
_MEND = Words(
    "in the user's section of manager.conf write `write = originate,reporting`, then"
    " `asterisk -rx 'manager reload'`",
    "en la sección del usuario en manager.conf escriba `write = originate,reporting`, y luego"
    " `asterisk -rx 'manager reload'`",
)


def manager(user: str, offered: Mapping[str, str]) -> Iterable[Finding]:
    """``offered``: description by action in lower case; an action is offered to who may use it."""
    lacking = {
        right
        for right, actions in NEEDED.items()
        if any(action.lower() not in offered for action in actions)
    }
    if lacking:
        names = ", ".join(sorted(lacking))
        yield wrong(
            "ami rights",
            Words(
                f"the AMI user {user} lacks the write right {names}",
                f"al usuario AMI {user} le falta el permiso de escritura {names}",
            ),
            _MEND,
        )
    else:
        yield ok(
            "ami rights",
            f"the AMI user {user} may write originate and reporting",
            f"el usuario AMI {user} puede escribir originate y reporting",
        )
    if beyond := _beyond(offered.values()):
        names = ", ".join(sorted(beyond))
        yield warning(
            "ami rights beyond",
            Words(
                f"the AMI user {user} may write more than is needed: {names}",
                f"el usuario AMI {user} puede escribir más de lo necesario: {names}",
            ),
            _MEND,
        )


def _beyond(descriptions: Iterable[str]) -> set[str]:
    """The rights without which some action would not be offered."""
    surplus: set[str] = set()
    several = []
    for description in descriptions:
        found = _RIGHTS.search(description)
        rights = set(found[1].split(",")) - {"all", "<none>"} if found else set()
        if rights and not rights & NEEDED.keys():
            if len(rights) == 1:
                surplus |= rights
            else:
                several.append(rights)
    return surplus | {" or ".join(sorted(each)) for each in several if not each & surplus}
