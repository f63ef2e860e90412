"""The customer has answered: ask the database once, go through the flow, keep what was heard."""

import logging
from contextlib import suppress
from datetime import timedelta

from campaign.channel_variables import LEG
from campaign.token import is_genuine
from fastagi_server import flow, request
from fastagi_server.conversation import Conversation, HungUp
from fastagi_server.service import Service
from fastagi_server.session import PromptError, Session

MEET_SECONDS = 0.5
"""The customer waits in silence while the database is asked; after it the dialplan goes on."""
COMMIT_SECONDS = 0.5
"""The customer's line is held while the database is asked."""

logger = logging.getLogger(__name__)


def handle(session: Session, service: Service) -> None:
    """``agi://…/answered,<token>,<verdict>`` on the answered leg.

    The leg variable is the last word: the dialplan believes only that, and goes through the flow
    itself where it is missing. So it is set after a hangup too.
    """
    attempt_id = request.attempt_id(session)
    if not is_genuine(service.secret, attempt_id, request.token(session, 1)):
        # Before anything is played: behind a forged session there is no customer, and a real one
        # hears the dialplan's fallback.
        logger.warning("moment=answered attempt=%s committed=no reason=forged", attempt_id)
        return
    verdict = request.verdict(session, 2)
    listened = timedelta(seconds=verdict.seconds if verdict else 0)
    met = service.recorder.answered(attempt_id, service.clock.now() - listened, MEET_SECONDS)
    if met is None:
        logger.warning("moment=answered attempt=%s played=no reason=no_terms", attempt_id)
        return
    call = Conversation(session, service, attempt_id, met, verdict)
    try:
        with suppress(HungUp):
            flow.go_through(call)
    except PromptError as error:
        logger.error("moment=answered attempt=%s played=no reason=%r", attempt_id, str(error))  # noqa: TRY400
        return
    heard = call.heard()
    committed = service.recorder.heard(attempt_id, heard, COMMIT_SECONDS)
    session.set_variable(LEG, str(heard.leg))
    logger.info(
        "moment=answered attempt=%s course=%s leg=%r committed=%s",
        attempt_id,
        heard.course.name.lower(),
        str(heard.leg),
        committed,
    )
