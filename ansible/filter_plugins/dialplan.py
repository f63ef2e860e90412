"""Filters that compare a dialplan file with what Asterisk has loaded.

Ansible runs in this clone's environment, which has the package `dialplan`.
"""

import re
from collections.abc import Callable

from dialplan import steps


def contexts(text: str) -> list[str]:
    """The contexts that a dialplan file defines."""
    return re.findall(r"^\[([\w-]+)\]", text, re.MULTILINE)


def joined(texts: list[str]) -> str:
    """Several files as Asterisk reads them, one after the other."""
    return "\n".join(texts)


def dialplan_differences(shown: str, written: str) -> list[str]:
    """The steps that only one of both has: ``-`` the PBX lacks it, ``+`` the file does.

    ``shown``: what the CLI printed for our contexts.
    """
    loaded, wanted = steps.shown(shown), steps.written(written)
    return [f"- {step}" for step in sorted(wanted - loaded)] + [
        f"+ {step}" for step in sorted(loaded - wanted)
    ]


class FilterModule:
    """What Ansible looks for."""

    def filters(self) -> dict[str, Callable[..., object]]:
        """Name to filter."""
        return {
            "dialplan_contexts": contexts,
            "dialplan_joined": joined,
            "dialplan_differences": dialplan_differences,
        }
