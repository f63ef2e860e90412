"""Whether a trunk is there and reaches its carrier."""

from originator.doctor.finding import Finding, Words, not_checked, ok, wrong


def trunk(label: str, state: str, *, qualified: bool) -> Finding:
    """``state``: its device state; ``qualified``: whether the PBX asks the carrier now and then."""
    check = f"trunk {label}"
    if state == "INVALID":
        return wrong(
            check,
            Words(
                f"the trunk {label} is not configured on the PBX",
                f"la troncal {label} no está configurada en la PBX",
            ),
            Words("add it to pjsip.conf or sip.conf", "agréguela a pjsip.conf o sip.conf"),
        )
    if state == "UNAVAILABLE":
        return wrong(
            check,
            Words(
                f"the trunk {label} does not reach its carrier",
                f"la troncal {label} no alcanza a su operador",
            ),
            Words("check its address and the network", "revise su dirección y la red"),
        )
    if not qualified:
        return not_checked(
            check,
            Words(
                f"the trunk {label} is configured ({state}); the PBX never asks its carrier",
                f"la troncal {label} está configurada ({state}); la PBX nunca consulta al operador",
            ),
            Words(
                "write `qualify_frequency = 30` into its aor in pjsip.conf, or `qualify = yes` in"
                " sip.conf, and reload",
                "escriba `qualify_frequency = 30` en su aor de pjsip.conf, o `qualify = yes` en"
                " sip.conf, y recargue",
            ),
        )
    return ok(
        check,
        f"the trunk {label} reaches its carrier ({state})",
        f"la troncal {label} alcanza a su operador ({state})",
    )
