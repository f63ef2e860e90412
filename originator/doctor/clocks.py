"""Whether this host's clock and the database's agree."""

from datetime import timedelta

from originator.doctor.finding import Finding, Words, ok, wrong
from originator.gate import CLOCK_TOLERANCE


def clocks(difference: timedelta) -> Finding:
    """``difference``: as `gate.off_by` measures it."""
    seconds = abs(difference.total_seconds())
    if abs(difference) > CLOCK_TOLERANCE:
        return wrong(
            "clock",
            Words(
                f"this host's clock and the database's differ by {seconds:.1f} s (2 s allowed)",
                f"el reloj de este servidor y el de la base de datos difieren en {seconds:.1f} s"
                " (se permiten 2 s)",
            ),
            Words("synchronise both with NTP", "sincronice los dos con NTP"),
        )
    return ok(
        "clock",
        f"this host's clock and the database's differ by {seconds:.1f} s",
        f"el reloj de este servidor y el de la base de datos difieren en {seconds:.1f} s",
    )
