"""What the database's account may do, beside what the programs need."""

from collections.abc import Iterable

from campaign.store.privileges import Privileges
from originator.doctor.finding import Finding, Words, ok, warning, wrong


def rights(account: str, wanted: Iterable[str], shown: Iterable[str]) -> Iterable[Finding]:
    """``wanted``: what `db grant` would run; ``shown``: what the database shows of the account."""
    needed, held = Privileges.of(wanted), Privileges.of(shown)
    lacking, beyond = needed.not_in(held), held.beyond(needed)
    grant = f"originator db grant application {account} CAMPAIGN.yaml"
    if lacking:
        names = "; ".join(lacking)
        yield wrong(
            "grants",
            Words(f"{account} may not {names}", f"a {account} le falta {names}"),
            Words(
                f"run `{grant}` with an administrator in MYSQL_USER",
                f"ejecute `{grant}` con un administrador en MYSQL_USER",
            ),
        )
    else:
        yield ok(
            "grants", f"{account} may do what is needed", f"{account} puede hacer lo necesario"
        )
    if beyond:
        names = "; ".join(beyond)
        revoke = f"REVOKE ALL PRIVILEGES, GRANT OPTION FROM {account}"
        yield warning(
            "grants beyond",
            Words(
                f"{account} may do more than is needed: {names}",
                f"{account} puede hacer más de lo necesario: {names}",
            ),
            Words(
                f"as an administrator of the database `{revoke}`, then `{grant}`",
                f"como administrador de la base de datos `{revoke}`, y luego `{grant}`",
            ),
        )
