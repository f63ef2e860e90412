"""Whether a customer's row, as the company's tables hold it, is one to call today."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from campaign import phone
from campaign.due import BadDay, Due, NotDue, cut_status, date_status
from campaign.mask import safe
from campaign.reason import Reason
from campaign.sections import DueRule, Numbers

_ID_LENGTH = 64
_PERSON_LENGTH = 64


@dataclass(frozen=True)
class CustomerRow:
    """One customer as read; the objects are whatever the database gave."""

    customer_id: str
    phones: tuple[object, ...]
    """The telephone fields, in the order in which they are tried."""
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
class Identity:
    """Whom the attempts are counted for."""

    person: str
    """The first number where nothing else names the person."""
    numbers: tuple[phone.Number, ...]
    """All his numbers, in the order in which they are tried; at least one."""


@dataclass(frozen=True)
class Debtor:
    """A customer who is due: all but whether, and at which number, he may be called now."""

    customer_id: str
    numbers: tuple[phone.Number, ...]
    person: str
    """Both as his `Identity` has them."""
    debt: Decimal
    """With due dates, only of the invoices whose day it is."""
    cut: date
    """The day of the cut, or the oldest due date."""


@dataclass(frozen=True)
class Candidate(Debtor):
    """A customer to call now."""

    number: phone.Number
    """The one of his numbers that comes next."""


@dataclass(frozen=True)
class Skip:
    """A customer not to call, and why; ``detail`` never shows a number or a name."""

    customer_id: str
    reason: Reason
    detail: str = ""
    due_from: date | None = None
    """The day from which waiting alone makes him due."""


def decide(row: CustomerRow, today: date, rule: DueRule, allowed: Numbers) -> Debtor | Skip:
    """Judge one row on the campaign's ``today``; the first reason that holds is the answer."""
    shared = decide_group(row.flag, row.sent, row.cut_day, today, rule)
    if isinstance(shared, Skip):
        return replace(shared, customer_id=row.customer_id)
    for skip in _key(row):
        return skip
    if isinstance(debt := _debt(row), Skip):
        return debt
    due = shared or _due(row, today, rule)
    if isinstance(due, Skip):
        return due
    if isinstance(identity := identify(row, allowed), Skip):
        return identity
    return Debtor(row.customer_id, identity.numbers, identity.person, due.debt or debt, due.day)


@lru_cache(maxsize=1024, typed=True)  # a few of them stand in a million rows
def decide_group(
    flag: object, sent: object, cut_day: object, today: date, rule: DueRule
) -> Due | Skip | None:
    """Judge three fields that many customers share: why none of them is called, whatever else
    stands in their rows, or when their cut is. None: each one's invoices decide.
    """
    row = CustomerRow("", (), cut_day, flag, sent, debt=None)
    for skip in _marks(row):
        return skip
    return _due(row, today, rule) if rule.rule == "cut_day" else None


def identify(row: CustomerRow, allowed: Numbers) -> Identity | Skip:
    """Who the customer is to the rules, whether or not he is due: by his ``allowed`` numbers."""
    numbers = phone.parse_all(row.phones, allowed.kinds, allowed.prefixes)
    if isinstance(numbers, phone.BadNumber):
        return Skip(row.customer_id, Reason.BAD_NUMBER, numbers.reason)
    return Identity(_person(row.person) or numbers[0].digits, numbers)


def reasons_against(
    row: CustomerRow, today: date, rule: DueRule, allowed: Numbers
) -> Iterator[Skip]:
    """Every reason in the row not to call, in the order in which `decide` takes the first."""
    day, debt = _due(row, today, rule), (*_key(row), _debt(row))
    in_order = (day, *debt) if rule.rule == "cut_day" else (*debt, day)
    for answer in (*_marks(row), *in_order, identify(row, allowed)):
        if isinstance(answer, Skip):
            yield answer


def _key(row: CustomerRow) -> Iterator[Skip]:
    if len(row.customer_id) > _ID_LENGTH:
        yield Skip(row.customer_id[:_ID_LENGTH], Reason.BAD_ID)


def _marks(row: CustomerRow) -> Iterator[Skip]:
    if not holds(row.flag, 1):
        yield Skip(row.customer_id, Reason.NOT_FLAGGED)
    if not holds(row.sent, 0):
        yield Skip(row.customer_id, Reason.ALREADY_SENT)


def _debt(row: CustomerRow) -> Decimal | Skip:
    if row.debt is None or row.debt <= 0:
        return Skip(row.customer_id, Reason.NOTHING_OWED)
    return row.debt


def _due(row: CustomerRow, today: date, rule: DueRule) -> Due | Skip:
    if rule.rule == "cut_day":
        status = cut_status(row.cut_day, today, rule)
    else:
        status = date_status(row.invoices, today, rule)
    if isinstance(status, BadDay):
        return _without_a_day(row, rule)
    if isinstance(status, NotDue):
        detail = f"{status.due_from:%Y-%m-%d}" if status.due_from else ""
        return Skip(row.customer_id, Reason.NOT_DUE, detail, status.due_from)
    return status


def _without_a_day(row: CustomerRow, rule: DueRule) -> Skip:
    if rule.rule == "cut_day":
        return Skip(row.customer_id, Reason.BAD_CUT_DAY, safe(str(row.cut_day), limit=20))
    return Skip(row.customer_id, Reason.BAD_DUE_DATE)


def still_owes(row: CustomerRow | None, today: date, rule: DueRule) -> bool:
    """Whether a customer may be told of a debt; None: his row is gone, or out of the campaign.

    A due invoice that was paid is no debt because a later one is open.
    """
    if row is None or not holds(row.flag, 1) or row.debt is None or row.debt <= 0:
        return False
    return rule.rule != "due_date" or isinstance(date_status(row.invoices, today, rule), Due)


def owed_on(row: CustomerRow | None, day: date, rule: DueRule) -> Decimal:
    """What a customer who is called on ``day`` owes; None: his row is gone, his debt with it."""
    if row is None or row.debt is None:
        return Decimal(0)
    if rule.rule == "cut_day":
        return row.debt
    status = date_status(row.invoices, day, rule)
    return status.debt or Decimal(0) if isinstance(status, Due) else Decimal(0)


def what_is_due(row: CustomerRow, today: date, rule: DueRule) -> Due | None:
    """What a customer who owes is told: how much, and the day; None: there is no such day."""
    due = _due(row, today, rule)
    return None if isinstance(due, Skip) else replace(due, debt=due.debt or row.debt)


def holds(value: object, wanted: int) -> bool:
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
