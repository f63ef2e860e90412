"""From the path of an AGI URL to its handler, and how long such a session may last."""

import logging
import socket
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from asterisk.agi import AGIException

from campaign.channel_variables import (
    AGI_ANSWERED,
    AGI_ENDED,
    AGI_HEALTH,
    AGI_INBOUND,
    AGI_RANG_OFF,
    AGI_SWEEP,
)
from fastagi_server.handlers import answered, ended, health, inbound, rang_off, sweep
from fastagi_server.request import RefusedError
from fastagi_server.service import Service
from fastagi_server.session import Session
from fastagi_server.wire import Wire

HEADER_SECONDS = 5.0

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Moment:
    """One kind of request."""

    handle: Callable[[Session, Service], None]
    seconds: float
    """How long the session may last; the answered one is meant to be ended by the dialplan."""


MOMENTS: Mapping[str, Moment] = {
    AGI_ANSWERED: Moment(answered.handle, 600),
    AGI_INBOUND: Moment(inbound.handle, 600),
    AGI_ENDED: Moment(ended.handle, 10),
    AGI_RANG_OFF: Moment(rang_off.handle, 10),
    AGI_SWEEP: Moment(sweep.handle, 600),
    AGI_HEALTH: Moment(health.handle, 10),
}


def converse(
    connection: socket.socket, service: Service, moments: Mapping[str, Moment] = MOMENTS
) -> None:
    """Serve one connection from its header to the last command; what goes wrong is logged."""
    wire = Wire(connection, HEADER_SECONDS)
    try:
        session = Session(wire)
    except AGIException as error:
        logger.warning("event=no_session reason=%r", str(error))
        return
    name, uniqueid = session.moment[:40], session.env.get("agi_uniqueid", "")[:40]
    try:
        moment = _served(session.moment, moments)
        wire.limit(moment.seconds)
        moment.handle(session, service)
    except AGIException as error:
        kind = type(error).__name__
        logger.warning("moment=%r attempt=%r error=%s reason=%r", name, uniqueid, kind, str(error))
    except Exception:
        # The outermost frame of a call: a bug of ours ends this one and no other.
        logger.exception("moment=%r attempt=%r error=bug", name, uniqueid)


def _served(name: str, moments: Mapping[str, Moment]) -> Moment:
    if name not in moments:
        raise RefusedError("nothing is served there")
    return moments[name]
