"""Whether our tables are those of this release."""

from collections.abc import Collection

from originator.doctor.finding import Finding, Words, ok, wrong


def tables(waiting: Collection[str]) -> Finding:
    """``waiting``: the migrations that the database has not had."""
    if waiting:
        names = ", ".join(waiting)
        return wrong(
            "tables",
            Words(
                f"our tables are not up to date ({names})",
                f"nuestras tablas no están al día ({names})",
            ),
            Words("run `originator db migrate`", "ejecute `originator db migrate`"),
        )
    return ok("tables", "our tables are up to date", "nuestras tablas están al día")
