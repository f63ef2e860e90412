"""Rights as GRANT and SHOW GRANTS write them, compared: MariaDB and MySQL spell them alike."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_EVERYTHING = "ALL PRIVILEGES"
_NOTHING = "USAGE"
_COLUMNS = re.compile(r"(\w[\w ]*?) \(([^)]*)\)")
_GRANT_OPTION = "GRANT OPTION"


@dataclass(frozen=True)
class Privilege:
    """One right on one object; ``column``: empty where it is the whole object."""

    name: str
    on: str
    """As SQL writes it: ``*.*``, `` `db`.* `` or `` `db`.`table` ``; empty for a role."""
    column: str = ""

    def covers(self, other: "Privilege") -> bool:
        """Whether who has this one has the other too."""
        return (
            self.name in (_EVERYTHING, other.name)
            and self.column in ("", other.column)
            and _reaches(self.on, other.on)
        )


@dataclass(frozen=True)
class Privileges:
    """What an account may do."""

    held: frozenset[Privilege]

    @classmethod
    def of(cls, grants: Iterable[str]) -> "Privileges":
        """Read GRANT statements, whatever the order and the spelling of the server."""
        return cls(frozenset(each for grant in grants for each in _read(grant)))

    def cover(self, other: "Privileges") -> bool:
        """Whether all of the other are among these."""
        return not other._left_by(self)

    def not_in(self, other: "Privileges") -> list[str]:
        """What the other lacks of these, by object: ``SELECT, INSERT ON `db`.`table` ``."""
        return _by_object(self._left_by(other))

    def beyond(self, needed: "Privileges") -> list[str]:
        """What is no part of ``needed``: a right on a whole database is, however little it adds."""
        return _by_object(
            each
            for each in self.held
            if each.name != _NOTHING and not any(need.covers(each) for need in needed.held)
        )

    def _left_by(self, other: "Privileges") -> set[Privilege]:
        return {need for need in self.held if not any(each.covers(need) for each in other.held)}


def _read(grant: str) -> Iterable[Privilege]:
    what, _, rest = grant.removeprefix("GRANT ").partition(" ON ")
    if not rest:
        # A role; its own rights are not shown here.
        return [Privilege(f"role {what.partition(' TO ')[0]}", "")]
    on = rest.partition(" TO ")[0].removeprefix("TABLE ")
    found = [
        Privilege(name.strip(), on, column.strip().strip("`"))
        for name, listed in _COLUMNS.findall(what)
        for column in listed.split(",")
    ]
    plain = _COLUMNS.sub("", what).split(",")
    found += [Privilege(name.strip(), on) for name in plain if name.strip()]
    if f"WITH {_GRANT_OPTION}" in rest:
        found.append(Privilege(_GRANT_OPTION, on))
    return found


def _reaches(wide: str, narrow: str) -> bool:
    """Whether a right on ``wide`` holds on ``narrow``; a database may be named by a pattern."""
    if wide in ("*.*", narrow):
        return True
    database, star, _ = wide.rpartition(".*")
    if not star or not database:
        return False
    signs = {"%": ".*", "_": "."}
    pattern = "".join(
        signs.get(token, re.escape(token[-1])) for token in re.findall(r"\\?.", database)
    )
    return re.fullmatch(pattern + r"\..*", narrow) is not None


def _by_object(privileges: Iterable[Privilege]) -> list[str]:
    names: dict[str, list[str]] = {}
    for each in privileges:
        name = f"{each.name} ({each.column})" if each.column else each.name
        names.setdefault(each.on, []).append(name)
    return [
        f"{', '.join(sorted(listed))} ON {on}" if on else ", ".join(sorted(listed))
        for on, listed in sorted(names.items())
    ]
