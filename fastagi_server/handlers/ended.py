"""A call is over: record its end, and only then let the PBX forget it."""

import logging

from campaign.channel_variables import JOURNAL_FAMILY
from campaign.journal import ForgedError, JournalError, parse_end
from fastagi_server import request
from fastagi_server.service import Service
from fastagi_server.session import Session

COMMIT_SECONDS = 0.5
"""BYE and CANCEL wait for the hangup handler, and so for this."""

logger = logging.getLogger(__name__)


def handle(session: Session, service: Service) -> None:
    """``agi://…/ended,<journal entry>`` in the hangup handler, answered or not."""
    attempt_id = request.attempt_id(session)
    try:
        end = parse_end(request.journal_entry(session), attempt_id, service.secret)
    except ForgedError:
        logger.warning("moment=ended attempt=%s committed=no reason=forged", attempt_id)
        return
    except JournalError as error:
        logger.warning("moment=ended attempt=%s committed=no reason=%r", attempt_id, str(error))
        return
    committed = service.recorder.ended(attempt_id, end, COMMIT_SECONDS)
    if committed:
        session.database_del(JOURNAL_FAMILY, attempt_id)
    logger.info(
        "moment=ended attempt=%s q850=%d tech=%r heard=%.2f committed=%s",
        attempt_id,
        end.q850,
        end.tech,
        end.heard_seconds,
        committed,
    )
