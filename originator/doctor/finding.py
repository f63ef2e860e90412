"""What one check found: the verdict, what was seen, and what to type."""

from dataclasses import dataclass
from enum import StrEnum


class Verdict(StrEnum):
    """How a check ended; machines read it, so it never changes its meaning."""

    OK = "ok"
    WARNING = "warning"
    """Works, and is not as it should be."""
    WRONG = "wrong"
    """Calls cannot be made, or not as they should be."""
    NOT_CHECKED = "not_checked"


@dataclass(frozen=True)
class Words:
    """The same in both languages of the operators."""

    english: str
    spanish: str


NO_CAMPAIGN = Words("no campaign was named", "no se nombró una campaña")


@dataclass(frozen=True)
class Finding:
    """One line of the report."""

    check: str
    verdict: Verdict
    seen: Words
    todo: Words | None = None
    """What to type or to mend; None: nothing."""

    @property
    def sentence(self) -> str:
        """What was seen and what to do, in English."""
        return f"{self.seen.english}: {self.todo.english}" if self.todo else self.seen.english


def ok(check: str, english: str, spanish: str) -> Finding:
    """All is well."""
    return Finding(check, Verdict.OK, Words(english, spanish))


def warning(check: str, seen: Words, todo: Words) -> Finding:
    """It works, and is not as it should be."""
    return Finding(check, Verdict.WARNING, seen, todo)


def wrong(check: str, seen: Words, todo: Words | None = None) -> Finding:
    """``todo``: None where ``seen`` says it already."""
    return Finding(check, Verdict.WRONG, seen, todo)


def not_checked(check: str, seen: Words, todo: Words | None = None) -> Finding:
    """Nobody knows; ``todo``: how it could be known."""
    return Finding(check, Verdict.NOT_CHECKED, seen, todo)


def refused(check: str, error: Exception) -> Finding:
    """An error of ours, whose sentence says what was seen and what to do."""
    return wrong(check, Words(str(error), str(error)))
