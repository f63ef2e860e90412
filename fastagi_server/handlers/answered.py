"""The customer has answered: ask whether he still owes, play to him, keep what was heard."""

import logging
from collections.abc import Callable

from campaign.channel_variables import COURSE, LEG
from campaign.journal import Course, Leg
from campaign.token import is_genuine
from fastagi_server import request
from fastagi_server.service import Service
from fastagi_server.session import PromptError, Session

SAMPLES_PER_SECOND = 8000
KEYS = "0123456789*#"
MAX_KEYS = 16
"""Further keys are not listened to: what the journal says before the tech cause must stay below
255 characters, where the DBGet of older Asterisks cuts an entry (main/db.c)."""
MEET_SECONDS = 0.5
"""The customer waits in silence while the database is asked; after it the claim's check stands."""
COMMIT_SECONDS = 0.5
"""The customer's line is held while the database is asked."""

logger = logging.getLogger(__name__)


def handle(session: Session, service: Service) -> None:
    """``agi://…/answered,<prompt>,<paid prompt>,<token>`` on the answered leg.

    The leg variable is the last word: the dialplan believes only that, and plays the prompt itself
    where it is missing. So it is set after a hangup and with the database down as well.
    """
    attempt_id = request.attempt_id(session)
    prompt = request.prompt(session)
    if not is_genuine(service.secret, attempt_id, request.token(session, 3)):
        # Before anything is played: behind a forged session there is no customer, and a real one
        # hears the dialplan's fallback.
        logger.warning("moment=answered attempt=%s committed=no reason=forged", attempt_id)
        return
    course = service.recorder.answered(attempt_id, service.clock.now(), MEET_SECONDS)
    if course is Course.PAID:
        prompt = request.paid_prompt(session)
        # Before a sound: were this server to die now, the fallback must not speak of a debt.
        session.set_variable(COURSE, course)
    try:
        leg = _play(session, prompt, service.seconds) if prompt else Leg(0.0, True, "", "agi")
    except PromptError as error:
        logger.error("moment=answered attempt=%s played=no reason=%r", attempt_id, str(error))  # noqa: TRY400
        return
    committed = service.recorder.heard(attempt_id, leg, COMMIT_SECONDS)
    session.set_variable(LEG, str(leg))
    logger.info(
        "moment=answered attempt=%s course=%s leg=%r committed=%s",
        attempt_id,
        course.name.lower(),
        str(leg),
        committed,
    )


def _play(session: Session, prompt: str, clock: Callable[[], float]) -> Leg:
    keys: list[str] = []
    position = 0
    began = clock()
    while True:
        listened = KEYS if len(keys) < MAX_KEYS else ""
        part = session.stream_file(prompt, listened, position)
        position = part.endpos
        seconds = position / SAMPLES_PER_SECOND
        if part.hung_up:
            # A customer who hangs up while the file is being opened leaves its whole length there.
            seconds = min(seconds, clock() - began)
        if not part.digit:
            return Leg(seconds, not part.hung_up, " ".join(keys), "agi")
        keys.append(f"{part.digit}@{seconds:.2f}")
