"""The AMI link: panoramisk 1.4 with its traps closed (docs/decisions/ami.md).

The only module that imports panoramisk. What it promises: an action is written at most once, every
wait has a limit, a lost or half-open link is noticed, a wrong password ends the matter.
"""

import asyncio
import logging
import socket
import struct
from dataclasses import dataclass, field
from typing import Any

from panoramisk.manager import Manager
from panoramisk.message import Message

from campaign.errors import OverdueError
from campaign.settings import AmiSettings

log = logging.getLogger(__name__)

Headers = dict[str, str | list[str]]

ACTION_SECONDS = 5.0
CONNECT_SECONDS = 5.0
PING_EVERY_SECONDS = 10.0
EVENTS = ("Hangup", "OriginateResponse", "Shutdown")
_QUEUE = 10_000


class AmiError(OverdueError):
    """The PBX could not be asked."""


class AmiRefusedError(AmiError):
    """The PBX answered, and said no for good: wrong user, secret or address."""


class NotSentError(AmiError):
    """The link was down: nothing was written."""


class ActionError(AmiError):
    """The PBX answered an action with an error."""


@dataclass(frozen=True)
class Event:
    """One event of the PBX, or the link's own ``LinkDown``."""

    name: str
    headers: dict[str, str] = field(default_factory=dict)

    def __getitem__(self, key: str) -> str:
        """A header's value, empty when it is not there."""
        return self.headers.get(key.lower(), "")


class _Connection(Manager):
    """One connection; panoramisk's own reconnecting, which sends actions again, is cut out."""

    def connection_lost(self, exc: object) -> None:  # noqa: ARG002 (panoramisk's signature)
        self.awaiting_actions.clear()
        if self.pinger:
            self.pinger.cancel()
            self.pinger = None
        self.config["on_lost"](self)

    async def send_awaiting_actions(self, *_: object) -> None:
        self.awaiting_actions.clear()


class AmiLink:
    """One link to one PBX. Use from a single event loop."""

    def __init__(self, settings: AmiSettings) -> None:
        """Nothing is opened before `connect`."""
        self._settings = settings
        self.events: asyncio.Queue[Event] = asyncio.Queue(_QUEUE)
        self.heard: dict[str, str] = {}
        """Every kind of event that came so far, with the read right that brought it."""
        self._connection: _Connection | None = None
        self._booted = asyncio.Event()
        self._lists: dict[str, tuple[list[Event], asyncio.Future[list[Event]]]] = {}
        self._pinger: asyncio.Task[None] | None = None
        self._list_number = 0

    @property
    def up(self) -> bool:
        """Whether actions can be sent."""
        return self._connection is not None

    @property
    def name(self) -> str:
        """The PBX as the attempts name it: ``host:port``."""
        return f"{self._settings.host}:{self._settings.port}"

    async def connect(self) -> None:
        """Log in and wait until the PBX is fully booted; AmiError says what is wrong."""
        self.close()
        loop = asyncio.get_running_loop()
        connection = _Connection(
            host=self._settings.host,
            port=self._settings.port,
            username=self._settings.username,
            secret=self._settings.password,
            # Frames are cut on bytes: with UTF-8 a character that TCP cuts in two is lost.
            encoding="latin-1",
            loop=loop,
            ping_delay=86_400,
            forgetable_actions=("ping", "login", "originate"),
            on_lost=self._lost,
        )
        self._booted.clear()
        connection.register_event("*", self._take)
        opening = asyncio.ensure_future(
            loop.create_connection(
                connection.config["protocol_factory"], self._settings.host, self._settings.port
            )
        )
        try:
            await asyncio.wait_for(asyncio.shield(opening), CONNECT_SECONDS)
        except (OSError, TimeoutError) as error:
            opening.cancel()
            raise AmiError(
                f"the PBX's AMI at {self.name} cannot be reached ({error or 'no answer'}):"
                " is Asterisk running, and does manager.conf say enabled = yes?"
            ) from error
        connection.connection_made(opening)
        await self._log_in(connection, connection.authenticated_future)
        self._connection = connection
        self._pinger = asyncio.create_task(self._ping())

    async def _log_in(self, connection: _Connection, login: Any) -> None:
        try:
            answer = await asyncio.wait_for(asyncio.shield(login), ACTION_SECONDS)
        except TimeoutError as error:
            connection.close()
            raise AmiError(f"the PBX's AMI at {self.name} does not answer the login") from error
        if answer.response != "Success":
            connection.close()
            raise AmiRefusedError(
                f"the PBX's AMI at {self.name} refuses the login of {self._settings.username!r}:"
                " check ASTERISK_USERNAME, ASTERISK_PASSWORD and the permit list in manager.conf"
            )
        try:
            await asyncio.wait_for(self._booted.wait(), 60)
        except TimeoutError as error:
            connection.close()
            raise AmiError(
                f"the PBX at {self.name} has not finished booting after 60 s, or its AMI user has"
                " no read right `system`"
            ) from error

    def close(self) -> None:
        """Drop the link; calls in progress go on."""
        connection, self._connection = self._connection, None
        if self._pinger is not None:
            self._pinger.cancel()
            self._pinger = None
        for _, waiting in self._lists.values():
            if not waiting.done():
                # Cancelled, it would end the task that waits for it, without a word.
                waiting.set_exception(AmiError(f"the AMI link to {self.name} was lost"))
                waiting.exception()  # nobody may be left to take it
        self._lists.clear()
        if connection is not None:
            connection.close()

    async def action(self, name: str, **headers: str | list[str]) -> Event:
        """Send one action and return its response; ActionError when the PBX says no."""
        return await self._send({"Action": name, **headers})

    async def listed(self, name: str, **headers: str | list[str]) -> list[Event]:
        """Send an action that answers with a list; returns the list's events."""
        self._list_number += 1
        action_id = f"list-{id(self):x}-{self._list_number}"
        waiting: asyncio.Future[list[Event]] = asyncio.get_running_loop().create_future()
        self._lists[action_id] = ([], waiting)
        try:
            await self._send({"Action": name, "ActionID": action_id, **headers})
            return await asyncio.wait_for(waiting, ACTION_SECONDS)
        except TimeoutError as error:
            raise AmiError(f"the PBX at {self.name} did not finish its answer to {name}") from error
        finally:
            self._lists.pop(action_id, None)

    async def _send(self, headers: Headers) -> Event:
        connection = self._connection
        if connection is None:
            raise NotSentError(f"the AMI link to {self.name} is down")
        name = headers["Action"]
        future = connection.send_action(headers, as_list=False)
        try:
            # shield: a future that is cancelled would stay in panoramisk's table for ever.
            answer = await asyncio.wait_for(asyncio.shield(future), ACTION_SECONDS)
        except TimeoutError as error:
            # Nothing that is written to a link that does not answer can be relied on.
            self._lost(connection)
            raise AmiError(f"the PBX at {self.name} did not answer {name}") from error
        event = _event(answer)
        if "permission denied" in event["message"].lower():
            raise ActionError(
                f"the PBX at {self.name} denies {name} to {self._settings.username!r}: its section"
                " of manager.conf needs read = system,call and write = originate,reporting"
            )
        if event["response"] != "Success":
            raise ActionError(f"the PBX at {self.name} refuses {name}: {event['message']}")
        return event

    def _take(self, _: Manager, message: Message) -> None:
        # A callback that raises kills the link: nothing here may.
        event = _event(message)
        if event.name == "FullyBooted":
            self._booted.set()
        pending = self._lists.get(event["actionid"])
        if pending is not None:
            events, waiting = pending
            if event.name.endswith("Complete"):
                if not waiting.done():
                    waiting.set_result(events)
            else:
                events.append(event)
        elif event.name:
            self.heard.setdefault(event.name, event["privilege"])
            if event.name in EVENTS:
                self._put(event)

    def _put(self, event: Event) -> None:
        try:
            self.events.put_nowait(event)
        except asyncio.QueueFull:
            log.warning("action=drop_event event=%s reason=queue_full", event.name)

    def _lost(self, connection: _Connection) -> None:
        if connection is self._connection:
            log.warning("action=ami_link_lost pbx=%s", self.name)
            _reset(connection)
            self.close()
            self._put(Event("LinkDown"))

    async def _ping(self) -> None:
        """Notice a peer that went away without a word."""
        while True:
            await asyncio.sleep(PING_EVERY_SECONDS)
            try:
                await self.action("Ping")
            except ActionError:
                continue  # an answer all the same
            except AmiError:
                return  # none: the link was given up


def _reset(connection: _Connection) -> None:
    """End the connection with a RST: a FIN would let the kernel deliver later what it still holds.

    An Originate in there would be dialled minutes after its attempt was settled.
    """
    if connection.protocol is None:
        return
    transport = connection.protocol.transport
    if (end := transport.get_extra_info("socket")) is not None:
        end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    transport.abort()


def _event(message: Any) -> Event:
    headers = {
        str(key).lower(): value if isinstance(value, str) else "\n".join(value)
        for key, value in message.items()
    }
    return Event(headers.get("event", ""), headers)
