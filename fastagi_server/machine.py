"""Whether a machine answered: what AMD() heard before the flow, as the dialplan tells it."""

import re
from dataclasses import dataclass

_TEXT = re.compile(r"([A-Z]{0,16})\|([A-Z0-9-]{0,64})\|([0-9]{1,7})\|(hang_up|neutral|play)")


@dataclass(frozen=True)
class Verdict:
    """The text is ``<status>|<cause>|<ms>|<policy>``."""

    status: str
    """``AMDSTATUS``: HUMAN, MACHINE, NOTSURE; NOAPP: this PBX has no app_amd; empty: it could
    not listen to this channel."""
    cause: str
    """``AMDCAUSE``, as ``MAXWORDS-3-3``; may be empty."""
    seconds: float
    """From the answer to the end of the detection, and of the machine's words where it is to hear
    the neutral text."""
    policy: str
    """What is to be done: ``hang_up``, ``neutral`` or ``play``."""

    @classmethod
    def parse(cls, text: str) -> "Verdict":
        """Read the text; raises ValueError."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError(f"not a verdict: {text[:80]!r}")
        return cls(found[1], found[2], int(found[3]) / 1000, found[4])

    @property
    def is_for_a_machine(self) -> bool:
        """Whether the flow of a person is left out."""
        return self.policy != "play"

    def __str__(self) -> str:
        """Status and cause, for the record."""
        return f"{self.status} {self.cause}".rstrip()
