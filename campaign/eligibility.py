"""Whether a customer's row, as the company's tables hold it, is one to call today."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from campaign import phone
from campaign.due import BadDay, Due, NotDue, cut_status, date_status
from campaign.mask import safe
from campaign.reason import Reason
from campaign.sections import DueRule

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
    invoices: object | None = None
    """The open invoices with their due dates, where the campaign's rule asks for them."""


@dataclass(frozen=True)
class Candidate:
    """A customer to call."""

    customer_id: str
    number: phone.Number
    person: str
    """Whom the attempts are counted for; the number where nothing else names the person."""
    debt: Decimal
    """With due dates, only of the invoices whose day it is."""
    cut: date
    """The day of the cut, or the oldest due date."""


@dataclass(frozen=True)
class Skip:
    """A customer not to call, and why; ``detail`` never shows a number or a name."""

    customer_id: str
    reason: Reason
    detail: str = ""


def decide(row: CustomerRow, today: date, rule: DueRule) -> Candidate | Skip:
    """Judge one row on the campaign's ``today``; the first reason that holds is the answer."""
    if len(row.customer_id) > _ID_LENGTH:
        return Skip(row.customer_id[:_ID_LENGTH], Reason.BAD_ID)
    if not _is(row.flag, 1):
        return Skip(row.customer_id, Reason.NOT_FLAGGED)
    if not _is(row.sent, 0):
        return Skip(row.customer_id, Reason.ALREADY_SENT)
    if row.debt is None or row.debt <= 0:
        return Skip(row.customer_id, Reason.NOTHING_OWED)
    if rule.rule == "cut_day":
        status = cut_status(row.cut_day, today, rule)
    else:
        status = date_status(row.invoices, today, rule)
    if isinstance(status, BadDay):
        return _without_a_day(row, rule)
    if isinstance(status, NotDue):
        detail = f"{status.due_from:%Y-%m-%d}" if status.due_from else ""
        return Skip(row.customer_id, Reason.NOT_DUE, detail)
    number = phone.parse(row.phone)
    if isinstance(number, phone.BadNumber):
        return Skip(row.customer_id, Reason.BAD_NUMBER, number.reason)
    person = _person(row.person) or number.digits
    return Candidate(row.customer_id, number, person, status.debt or row.debt, status.day)


def _without_a_day(row: CustomerRow, rule: DueRule) -> Skip:
    if rule.rule == "cut_day":
        return Skip(row.customer_id, Reason.BAD_CUT_DAY, safe(str(row.cut_day), limit=20))
    return Skip(row.customer_id, Reason.BAD_DUE_DATE)


def still_owes(row: CustomerRow | None, today: date, rule: DueRule) -> bool:
    """Whether a customer may be told of a debt; None: his row is gone, or out of the campaign.

    A due invoice that was paid is no debt because a later one is open.
    """
    if row is None or not _is(row.flag, 1) or row.debt is None or row.debt <= 0:
        return False
    return rule.rule != "due_date" or isinstance(date_status(row.invoices, today, rule), Due)


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
