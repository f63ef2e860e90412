"""Whether a customer's row, as the company's tables hold it, is one to call today."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaign import phone
from campaign.due import BadCutDay, NotDue, cut_status
from campaign.mask import safe
from campaign.reason import Reason

_ID_LENGTH = 64
_PERSON_LENGTH = 64


@dataclass(frozen=True)
class CustomerRow:
    """One customer as read; the objects are whatever the database gave."""

    customer_id: str
    phone: object
    cut_day: object
    flag: object
    sent: object
    debt: Decimal | None
    """Sum of the open invoices with a balance above zero; None: no such invoice."""
    person: object | None = None
    """What names the person, where the campaign has such a column."""


@dataclass(frozen=True)
class Candidate:
    """A customer to call."""

    customer_id: str
    number: phone.Number
    person: str
    """Whom the attempts are counted for; the number where nothing else names the person."""
    debt: Decimal
    cut: date


@dataclass(frozen=True)
class Skip:
    """A customer not to call, and why; ``detail`` never shows a number or a name."""

    customer_id: str
    reason: Reason
    detail: str = ""


def decide(row: CustomerRow, today: date) -> Candidate | Skip:
    """Judge one row on the campaign's ``today``; the first reason that holds is the answer."""
    if not _is(row.flag, 1):
        return Skip(row.customer_id, Reason.NOT_FLAGGED)
    if not _is(row.sent, 0):
        return Skip(row.customer_id, Reason.ALREADY_SENT)
    status = cut_status(row.cut_day, today)
    if isinstance(status, BadCutDay):
        return Skip(row.customer_id, Reason.BAD_CUT_DAY, safe(str(row.cut_day), limit=20))
    if isinstance(status, NotDue):
        return Skip(row.customer_id, Reason.NOT_DUE, f"{status.due_from:%Y-%m-%d}")
    if len(row.customer_id) > _ID_LENGTH:
        return Skip(row.customer_id[:_ID_LENGTH], Reason.BAD_ID)
    if row.debt is None or row.debt <= 0:
        return Skip(row.customer_id, Reason.NOTHING_OWED)
    number = phone.parse(row.phone)
    if isinstance(number, phone.BadNumber):
        return Skip(row.customer_id, Reason.BAD_NUMBER, number.reason)
    person = _person(row.person) or number.digits
    return Candidate(row.customer_id, number, person, row.debt, status.cut)


_OF_A_GROUP = {Reason.NOT_FLAGGED, Reason.ALREADY_SENT, Reason.BAD_CUT_DAY, Reason.NOT_DUE}


def group_reason(flag: object, sent: object, cut_day: object, today: date) -> Reason | None:
    """Why none of the customers with these fields is called, whatever else stands in their rows.

    None: the rest of each row decides.
    """
    nobody = CustomerRow("", None, cut_day, flag, sent, debt=None)
    verdict = decide(nobody, today)
    if isinstance(verdict, Skip) and verdict.reason in _OF_A_GROUP:
        return verdict.reason
    return None


def _is(value: object, wanted: int) -> bool:
    """Whether a flag holds ``wanted``; a BIT(1) column comes as a byte, others as numbers or text.

    NULL holds neither 0 nor 1: a doubtful flag never leads to a call.
    """
    if isinstance(value, bytes):
        return value in (bytes([wanted]), str(wanted).encode())
    if isinstance(value, str):
        return value.strip() == str(wanted)
    return isinstance(value, int | Decimal) and value == wanted


def _person(value: object) -> str:
    """The letters and digits of an identity, so that 1.023.456 and 1023456 are one person."""
    if value is None:
        return ""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    plain = unicodedata.normalize("NFKC", text[:1000]).upper()
    return re.sub(r"[\W_]", "", plain)[:_PERSON_LENGTH]
