"""A customer rings the number that he was shown: his own message, with the same keys."""

import logging
from contextlib import suppress

from campaign import phone
from campaign.channel_variables import AGI_INBOUND, CALL_BACK, COURSE, LANGUAGE, LEG, TOKEN
from campaign.inbound import may_hear
from campaign.mask import mask_number
from campaign.token import is_genuine, token
from fastagi_server import flow, request
from fastagi_server.conversation import Conversation, HungUp
from fastagi_server.service import Service
from fastagi_server.session import PromptError, Session

ASK_SECONDS = 1.0
"""He waits in silence while the database is asked; after it the dialplan plays its neutral text."""
COMMIT_SECONDS = 0.5

logger = logging.getLogger(__name__)


def handle(session: Session, service: Service) -> None:
    """``agi://…/inbound,<token of the PBX>`` on a call that the dialplan has answered.

    Without the leg variable the dialplan plays its neutral text: to whoever is not recognised, and
    wherever something is missing.
    """
    if not is_genuine(service.secret, AGI_INBOUND, request.token(session, 1)):
        logger.warning("moment=inbound recognised=no reason=forged")
        return
    number = request.caller(session)
    if isinstance(number, phone.BadNumber):
        logger.info("moment=inbound recognised=no reason=%s", number.reason)
        return
    caller, at = mask_number(number.digits), service.clock.now()
    known = service.recorder.ask(
        "inbound", caller, lambda: service.callers.recognise(number.digits, at), ASK_SECONDS
    )
    met = may_hear(known.met) if known else None
    if known is None or met is None:
        logger.info("moment=inbound caller=%s recognised=no", caller)
        return
    session.set_variable(LANGUAGE, met.terms.language)
    session.set_variable(TOKEN, token(service.secret, known.call_id))
    session.set_variable(CALL_BACK, known.call_id)
    call = Conversation(session, service, known.attempt_id, met)
    session.set_variable(COURSE, call.course)
    try:
        with suppress(HungUp):
            flow.go_through(call)
    except PromptError as error:
        logger.error("moment=inbound call=%s played=no reason=%r", known.call_id, str(error))  # noqa: TRY400
        return
    heard = call.heard()
    committed = service.recorder.ask(
        "inbound",
        known.call_id,
        lambda: service.callers.record(known.call_id, heard),
        COMMIT_SECONDS,
    )
    session.set_variable(LEG, str(heard.leg))
    logger.info(
        "moment=inbound caller=%s call=%s attempt=%s course=%s leg=%r committed=%s",
        caller,
        known.call_id,
        known.attempt_id,
        heard.course.name.lower(),
        str(heard.leg),
        committed is True,
    )
