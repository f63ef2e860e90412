"""Bring the ends that the PBX still keeps in its journal to the database, and clean the journal."""

import logging
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

from ulid import ULID

from campaign.channel_variables import BACK_FAMILY, JOURNAL_FAMILY, PROBE_FAMILY
from campaign.journal import ATTEMPT_ID, PLACED, RECORDED, ForgedError, JournalError, parse_end
from fastagi_server import aside
from fastagi_server.recorder import UNKNOWN_ATTEMPT
from fastagi_server.service import Service
from fastagi_server.session import Session

COMMIT_SECONDS = 5.0
"""No customer's line waits for this: it runs on a Local channel."""
PROBE_KEPT = timedelta(days=1)
"""Longer than any run: a run reads its probe again whenever it settles something."""
_NO_WORD = "kept"
"""The database did not answer: the entry stays as it is."""

logger = logging.getLogger(__name__)


def handle(session: Session, service: Service) -> None:
    """``agi://…/sweep`` on a Local channel; stops where the database does not answer."""
    counts = Counter(recorded=0)
    for bring, key in _entries(session):
        result = bring(session, service, key)
        counts[result] += 1
        if result == _NO_WORD and not service.recorder.ping(COMMIT_SECONDS):
            counts["stopped"] = 1
            break
    _forget_probes(session, service)
    troubled = counts.keys() & {"aside", "forged", "stopped"}
    level = logging.WARNING if troubled else logging.INFO
    logger.log(level, "moment=sweep %s", " ".join(f"{name}={n}" for name, n in counts.items()))


def _entries(session: Session) -> Iterator[tuple[Callable[[Session, Service, str], str], str]]:
    for family, bring in ((JOURNAL_FAMILY, _bring), (BACK_FAMILY, _bring_back)):
        for key in session.database_keys(family):
            yield bring, key


def _bring(session: Session, service: Service, key: str) -> str:
    entry = session.database_get(JOURNAL_FAMILY, key)
    if entry is None:
        return "gone"
    if not ATTEMPT_ID.fullmatch(key):
        return _set_aside(session, key, entry, "no attempt id")
    if entry in (PLACED, RECORDED):
        return _look_at_placed(session, service, key, entry)
    try:
        end = parse_end(entry, key, service.secret)
    except ForgedError:
        return _look_at_forged(session, service, key, entry)
    except JournalError:
        return _look_at_broken(session, service, key, entry)
    match service.recorder.end_result(key, end, COMMIT_SECONDS):
        case None:
            return _NO_WORD
        case result if result == UNKNOWN_ATTEMPT:
            return _set_aside(session, key, entry, "unknown attempt")
    session.database_del(JOURNAL_FAMILY, key)
    return "recorded"


def _look_at_placed(session: Session, service: Service, key: str, entry: str) -> str:
    match service.recorder.finality(key, COMMIT_SECONDS):
        case None:
            return _NO_WORD
        case "open":
            return PLACED
        case "final":
            session.database_del(JOURNAL_FAMILY, key)
            return "deleted"
    return _set_aside(session, key, entry, "unknown attempt")


def _look_at_forged(session: Session, service: Service, key: str, entry: str) -> str:
    """It stays: were it our secret that is wrong, it would be the only word on a real call."""
    logger.warning("moment=sweep attempt=%s committed=no reason=forged", key)
    finality = service.recorder.finality(key, COMMIT_SECONDS)
    if finality == UNKNOWN_ATTEMPT:
        return _set_aside(session, key, entry, "unknown attempt")
    return _NO_WORD if finality is None else "forged"


def _look_at_broken(session: Session, service: Service, key: str, entry: str) -> str:
    finality = service.recorder.finality(key, COMMIT_SECONDS)
    if finality is None:
        return _NO_WORD
    result = _set_aside(session, key, entry, "unreadable")
    if finality == "open":
        # Without any entry the attempt would look as if it had never been placed.
        session.database_put(JOURNAL_FAMILY, key, PLACED)
    return result


def _set_aside(session: Session, key: str, entry: str, reason: str) -> str:
    return aside.put(session, JOURNAL_FAMILY, key, entry, reason)


def _bring_back(session: Session, service: Service, key: str) -> str:
    """What the PBX alone knows of a customer who rang back."""
    entry = session.database_get(BACK_FAMILY, key)
    if entry is None:
        return "gone"
    try:
        end = parse_end(entry, key, service.secret)
    except JournalError:  # also a forged one: nothing waits for it
        return aside.put(session, BACK_FAMILY, key, entry, "no end of a call back")
    known = service.recorder.ask(
        "sweep", key, lambda: service.callers.record_back(key, end), COMMIT_SECONDS
    )
    if known is None:
        return _NO_WORD
    if not known:
        return aside.put(session, BACK_FAMILY, key, entry, "unknown call back")
    session.database_del(BACK_FAMILY, key)
    return "recorded"


def _forget_probes(session: Session, service: Service) -> None:
    oldest = service.clock.now() - PROBE_KEPT
    for key in session.database_keys(PROBE_FAMILY):
        if _made_at(key) < oldest:
            session.database_del(PROBE_FAMILY, key)


def _made_at(key: str) -> datetime:
    """When a probe was made, which its id tells; what is no id of ours was never made."""
    try:
        return ULID.from_str(key).datetime
    except (ValueError, OverflowError):
        return datetime.min.replace(tzinfo=UTC)
