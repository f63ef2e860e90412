"""Say whether a call that is answered now would be recorded."""

from campaign.channel_variables import HEALTH
from campaign.token import is_genuine
from fastagi_server import request
from fastagi_server.service import Service
from fastagi_server.session import Session

ANSWER_SECONDS = 0.5


def handle(session: Session, service: Service) -> None:
    """``agi://…/health,<token>``: ``ok``, or what is missing.

    Who asks without a channel (``fastagi-server health``) has no token to be compared.
    """
    uniqueid = session.env.get("agi_uniqueid", "")
    if uniqueid and not is_genuine(service.secret, uniqueid, request.token(session, 1)):
        session.set_variable(HEALTH, "secret")
        return
    answers = service.recorder.ping(ANSWER_SECONDS)
    session.set_variable(HEALTH, "ok" if answers else "database")
