"""Bring the ends that the PBX still keeps in its journal to the database."""

import logging
from collections import Counter

from campaign.channel_variables import JOURNAL_FAMILY
from campaign.journal import ATTEMPT_ID, PLACED, ForgedError, JournalError, parse_end
from fastagi_server.service import Service
from fastagi_server.session import Session

COMMIT_SECONDS = 5.0
"""No customer's line waits for this: it runs on a Local channel."""

logger = logging.getLogger(__name__)


def handle(session: Session, service: Service) -> None:
    """``agi://…/sweep`` on a Local channel; stops where the database does not answer."""
    counts = Counter(recorded=0)
    listed = session.get_full_variable(f"${{DB_KEYS({JOURNAL_FAMILY})}}")
    for key in filter(None, listed.split(",")):
        result = _bring(session, service, key)
        counts[result] += 1
        if result == "kept" and not service.recorder.ping(COMMIT_SECONDS):
            counts["stopped"] = 1
            break
    troubled = counts.keys() & {"unreadable", "forged", "stopped"}
    level = logging.WARNING if troubled else logging.INFO
    logger.log(level, "moment=sweep %s", " ".join(f"{name}={n}" for name, n in counts.items()))


def _bring(session: Session, service: Service, key: str) -> str:
    if not ATTEMPT_ID.fullmatch(key):
        return "unreadable"
    entry = session.database_get(JOURNAL_FAMILY, key)
    if entry is None:
        return "gone"
    if entry == PLACED:
        return "placed"
    try:
        end = parse_end(entry, key, service.secret)
    except ForgedError:
        logger.warning("moment=sweep attempt=%s committed=no reason=forged", key)
        return "forged"
    except JournalError:
        return "unreadable"
    if not service.recorder.ended(key, end, COMMIT_SECONDS):
        return "kept"
    session.database_del(JOURNAL_FAMILY, key)
    return "recorded"
