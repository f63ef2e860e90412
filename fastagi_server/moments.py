"""From the path of an AGI URL to its handler, and how long such a session may last."""

import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from campaign.channel_variables import AGI_ANSWERED, AGI_ENDED, AGI_HEALTH, AGI_SWEEP
from fastagi_server.handlers import answered, ended, health, sweep
from fastagi_server.request import RefusedError
from fastagi_server.service import Service
from fastagi_server.session import Session
from fastagi_server.wire import Wire

HEADER_SECONDS = 5.0


@dataclass(frozen=True)
class Moment:
    """One kind of request."""

    handle: Callable[[Session, Service], None]
    seconds: float
    """How long the session may last; the answered one is meant to be ended by the dialplan."""


MOMENTS: Mapping[str, Moment] = {
    AGI_ANSWERED: Moment(answered.handle, 600),
    AGI_ENDED: Moment(ended.handle, 10),
    AGI_SWEEP: Moment(sweep.handle, 600),
    AGI_HEALTH: Moment(health.handle, 10),
}


def converse(
    connection: socket.socket, service: Service, moments: Mapping[str, Moment] = MOMENTS
) -> None:
    """Serve one connection from its header to the last command."""
    wire = Wire(connection, HEADER_SECONDS)
    session = Session(wire)
    moment = moments.get(session.moment)
    if moment is None:
        raise RefusedError(f"nothing is served at {session.moment[:40]!r}")
    wire.limit(moment.seconds)
    moment.handle(session, service)
