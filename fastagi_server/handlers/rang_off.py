"""A call back is over: record its end, and only then let the PBX forget it."""

import logging

from campaign.channel_variables import BACK_FAMILY
from campaign.journal import JournalError, parse_end
from fastagi_server import request
from fastagi_server.service import Service
from fastagi_server.session import Session

COMMIT_SECONDS = 0.5
"""BYE waits for the hangup handler, and so for this."""

logger = logging.getLogger(__name__)


def handle(session: Session, service: Service) -> None:
    """``agi://…/rang_off,<call back>,<journal entry>`` in the hangup handler.

    What is not recorded here the next sweep brings.
    """
    call_id = request.call_back(session)
    try:
        end = parse_end(request.journal_entry(session, 2), call_id, service.secret)
    except JournalError as error:
        logger.warning("moment=rang_off call=%s committed=no reason=%r", call_id, str(error))
        return
    committed = service.recorder.ask(
        "rang_off", call_id, lambda: service.callers.record_back(call_id, end), COMMIT_SECONDS
    )
    if committed:
        session.database_del(BACK_FAMILY, call_id)
    logger.info(
        "moment=rang_off call=%s course=%s talk=%s committed=%s",
        call_id,
        end.course.name.lower(),
        "-" if end.talk_seconds is None else f"{end.talk_seconds:.2f}",
        committed is True,
    )
