"""Whether the PBX is seen: new calls leave only then, and only to the boot that they were made for.

Blind is: the link is down; it is back, but what went on meanwhile is not known yet; or an Originate
was written and its answer has not come, which may be the first sign of a half-open link.
"""

import asyncio

from originator.ami import AmiLink, NotSentError


class Sight:
    """One PBX as one run sees it."""

    def __init__(self, link: AmiLink, boot: str) -> None:
        """``boot``: the PBX's boot identity as the run found it; the link is up."""
        self.boot = boot
        self._link = link
        self._caught_up = True
        self._unanswered = 0
        self._answered = asyncio.Event()
        self._answered.set()

    @property
    def clear(self) -> bool:
        """Whether the link is up and what went on while it was down is known."""
        return self._link.up and self._caught_up

    def lose(self) -> None:
        """The link is down."""
        self._caught_up = False

    def catch_up(self, boot: str) -> None:
        """The PBX was asked what is up, and it is this boot."""
        self.boot = boot
        self._caught_up = True

    async def proved(self) -> None:
        """Wait until no Originate is without its answer; an answer never takes long."""
        while self._unanswered:  # another one that waited may have been written first
            await self._answered.wait()

    async def originate(self, boot: str, headers: dict[str, str | list[str]]) -> None:
        """Write one Originate, meant for ``boot``, and wait for its answer.

        NotSentError: nothing was written; AmiError otherwise as `AmiLink.action`.
        """
        if not self.clear or boot != self.boot:
            raise NotSentError("the AMI link was lost, or the PBX restarted, before its turn")
        self._unanswered += 1
        self._answered.clear()
        try:
            await self._link.action("Originate", **headers)
        finally:
            self._unanswered -= 1
            if not self._unanswered:
                self._answered.set()
