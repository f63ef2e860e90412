"""Say whether a call that is answered now would be recorded."""

from campaign.channel_variables import HEALTH
from fastagi_server.service import Service
from fastagi_server.session import Session

ANSWER_SECONDS = 0.5


def handle(session: Session, service: Service) -> None:
    """``agi://…/health``: ``ok``, or what is missing."""
    answers = service.recorder.ping(ANSWER_SECONDS)
    session.set_variable(HEALTH, "ok" if answers else "database")
