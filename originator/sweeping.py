"""The PBX hands what it alone knows to FastAGI, which brings it to the database."""

import asyncio
from collections.abc import Collection

from campaign import channel_variables as names
from campaign.journal import PLACED
from originator.pbx import Pbx

SWEEP_SECONDS = 10.0
"""What is not taken by then stays for the next sweep."""


async def sweep(
    pbx: Pbx, families: Collection[str] = (names.BACK_FAMILY,), forget: Collection[str] = ()
) -> None:
    """Sweep, and wait until only calls that may be up are left in these families; AmiError.

    Wishes of customers who rang back are waited for: they are in force before the next call.
    """
    await pbx.sweep(forget)
    deadline = asyncio.get_running_loop().time() + SWEEP_SECONDS
    while asyncio.get_running_loop().time() < deadline:
        left = [entry for family in families for entry in (await pbx.journal(family)).values()]
        if all(entry == PLACED for entry in left):
            return
        await asyncio.sleep(0.1)
