"""AstDB entries that mean nothing to the database, for a person to look at."""

import logging

from campaign.channel_variables import ASIDE_FAMILY
from campaign.journal import ATTEMPT_ID
from campaign.mask import mask_long_numbers, safe
from campaign.token import TOKEN
from fastagi_server.session import Session

logger = logging.getLogger(__name__)


def put(session: Session, family: str, key: str, entry: str, reason: str) -> str:
    """Move an entry to where no later sweep meets it; returns the sweep's word for that."""
    name = key if ATTEMPT_ID.fullmatch(key) else mask_long_numbers(safe(key))
    logger.warning("moment=sweep attempt=%r set_aside=%r", name, reason)
    text = safe(TOKEN.sub("...", entry), 200)
    session.database_put(ASIDE_FAMILY, key, f"{reason}: {text}")
    session.database_del(family, key)
    return "aside"
