"""Takes the PBX's events, one after the other, and brings the link back when it is lost."""

import asyncio
import logging

from campaign.mask import mask_number
from originator.ami import AmiError, AmiRefusedError
from originator.flights import Flight, Flights
from originator.pbx import Pbx
from originator.progress import Watcher
from originator.sight import Sight
from originator.stop import Stop
from originator.stop_reason import StopReason

log = logging.getLogger(__name__)

LONGEST_PAUSE_SECONDS = 30.0


class Listener:
    """The run's ear."""

    def __init__(
        self, pbx: Pbx, sight: Sight, flights: Flights, watcher: Watcher, stop: Stop
    ) -> None:
        """``sight``: is told when the link is lost and when it has caught up."""
        self._pbx = pbx
        self._sight = sight
        self._flights = flights
        self._watcher = watcher
        self._stop = stop

    async def listen(self) -> None:
        """Work until cancelled, or until the PBX refuses the login for good."""
        while True:
            event = await self._pbx.link.events.get()
            if event.name == "LinkDown":
                # One that was lost again while it was brought back is up by now.
                if not self._sight.clear:
                    await self._reconnect()
                continue
            flight = self._flights.hear(event)
            if flight and event.name == "OriginateResponse" and event["response"] == "Success":
                self._watcher.answered(flight.attempt_id, flight.number)

    async def _reconnect(self) -> None:
        """Try with growing pauses; nothing is sent again."""
        pause = 1.0
        self._sight.lose()
        self._watcher.notice("the AMI link is lost: calls go on, no new ones")
        while True:
            # Those of before: what is sent once the link is up may not have its channel yet.
            before = self._flights.all()
            try:
                await self._pbx.link.connect()
                await self._catch_up(before)
            except AmiRefusedError as error:
                self._stop.ask(StopReason.AMI_REFUSED, str(error))
                return
            except AmiError as error:
                log.warning("action=reconnect %s", error)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE_SECONDS)
            else:
                self._watcher.notice("the AMI link is back")
                return

    async def _catch_up(self, before: list[Flight]) -> None:
        boot = await self._pbx.boot()
        if boot != self._sight.boot:
            self._watcher.notice(_restarted(before))
        self._flights.not_heard_of(before, await self._pbx.live_calls())
        self._sight.catch_up(boot)


def _restarted(before: list[Flight]) -> str:
    """The calls that ended with the PBX; what is not known of them is lost."""
    named = ", ".join(f"{f.attempt_id} ({mask_number(f.number)})" for f in before)
    return f"the PBX has restarted; calls that were open on it: {named or 'none'}"
