"""The lines of a run: how many calls it may have up, on each trunk and in all."""

import asyncio
from collections import Counter

from campaign.file import Campaign


class Lines:
    """Counts the calls of one run; what other runs hold is counted in the database."""

    def __init__(self, campaign: Campaign) -> None:
        """No call is up, and the first trunk is in use."""
        self._most = {trunk.label: trunk.max_calls for trunk in campaign.trunks}
        self._most_in_all = campaign.limits.max_calls
        self._in_use = campaign.trunks[0].label
        self._taken = 0
        self._held: Counter[str] = Counter()
        self._changed = asyncio.Event()

    @property
    def held(self) -> Counter[str]:
        """Calls that are up or about to be, by trunk."""
        return self._held.copy()

    async def take(self) -> None:
        """Wait until one more call may be up on the trunk in use."""
        while not self._free():
            self._changed.clear()
            await self._changed.wait()
        self._taken += 1

    def give_back(self) -> None:
        """No call came of a line that was taken."""
        self._taken -= 1
        self._changed.set()

    def hold(self, trunk: str) -> None:
        """A call over this trunk has the line that was taken; it is the trunk in use."""
        self._taken -= 1
        self._held[trunk] += 1
        self._in_use = trunk
        self._changed.set()

    def take_from(self, trunk: str) -> None:
        """The call was not made after all: its line is as after `take`."""
        self._held[trunk] -= 1
        self._taken += 1

    def free(self, trunk: str) -> None:
        """A call over this trunk is over."""
        self._held[trunk] -= 1
        self._changed.set()

    def _free(self) -> bool:
        trunk = self._taken + self._held[self._in_use] < self._most[self._in_use]
        return trunk and self._taken + self._held.total() < self._most_in_all
