"""The customer has answered: ask the database once, go through the flow, keep what came of it."""

import logging
from datetime import datetime, timedelta

from campaign.channel_variables import JOURNAL_FAMILY, LEG
from campaign.heard import Heard
from campaign.journal import RECORDED, CallEnd, Course
from campaign.token import is_genuine
from fastagi_server import flow, request
from fastagi_server.conversation import Conversation, HungUp
from fastagi_server.keys.after import After
from fastagi_server.service import Service
from fastagi_server.session import PromptError, Session

MEET_SECONDS = 0.5
"""The customer waits in silence while the database is asked; after it the dialplan goes on."""
COMMIT_SECONDS = 0.5
"""The customer's line is held while the database is asked."""
NORMAL_CLEARING = 16
"""Of Q.850: with it the dialplan hangs up after the server's last word."""

logger = logging.getLogger(__name__)


def handle(session: Session, service: Service) -> None:
    """``agi://…/answered,<token>,<verdict>`` on the answered leg.

    The leg variable is the last word: the dialplan believes only that, and goes through the flow
    itself where it is missing. So it is set after a hangup too, and before the commit: a server
    that dies in between leaves a customer who hears nothing twice, and a leg for the journal. Where
    only our own hangup is left, the call's end is recorded here, and the hangup handler, which
    the journal's entry tells, reports nothing.
    """
    attempt_id = request.attempt_id(session)
    if not is_genuine(service.secret, attempt_id, request.token(session, 1)):
        # Before anything is played: behind a forged session there is no customer, and a real one
        # hears the dialplan's fallback.
        logger.warning("moment=answered attempt=%s committed=no reason=forged", attempt_id)
        return
    verdict = request.verdict(session, 2)
    answered_at = service.clock.now() - timedelta(seconds=verdict.seconds if verdict else 0)
    met = service.recorder.answered(attempt_id, answered_at, MEET_SECONDS)
    if met is None:
        logger.warning("moment=answered attempt=%s played=no reason=no_terms", attempt_id)
        return
    call = Conversation(session, service, attempt_id, met, verdict)
    try:
        after = flow.go_through(call)
        # The day of a promise may stand in the journal alone.
        is_over = after is After.GOODBYE and call.course is not Course.PROMISED
    except HungUp:
        is_over = False  # the PBX knows the cause
    except PromptError as error:
        logger.error("moment=answered attempt=%s played=no reason=%r", attempt_id, str(error))  # noqa: TRY400
        return
    heard = call.heard()
    try:
        session.set_variable(LEG, str(heard.leg))
    finally:  # also where the PBX is gone
        committed = (
            _end(service, attempt_id, heard, answered_at)
            if is_over
            else service.recorder.heard(attempt_id, heard, COMMIT_SECONDS)
        )
    if is_over and committed:
        session.database_put(JOURNAL_FAMILY, attempt_id, RECORDED)
    logger.info(
        "moment=answered attempt=%s course=%s leg=%r over=%s committed=%s",
        attempt_id,
        heard.course.name.lower(),
        str(heard.leg),
        is_over,
        committed,
    )


def _end(service: Service, attempt_id: str, heard: Heard, answered_at: datetime) -> bool:
    now = service.clock.now()
    end = CallEnd(NORMAL_CLEARING, "", now, answered_at, heard.leg, heard.course)
    return service.recorder.ended(attempt_id, end, COMMIT_SECONDS, heard.events)
