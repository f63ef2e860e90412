"""Sample customers for the demo and the tests, built relative to a day."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import cycle, islice

import pymysql

_MIX = "00 60 01 61 50 02 90 70 03 62 80 04 95 63 05 51 91 06 71 97 07 81 92 72 98 96 82 99"
ALL_BEHAVIOURS = tuple(_MIX.split())
"""Endings of the 28 numbers of a demo: every behaviour of the carrier, the usual ones first."""

_OWED = 85_000


@dataclass(frozen=True)
class Customer:
    """One row of afiliados and its open invoice."""

    name: str
    phone: str | None
    cut_day: str | None
    flag: int = 1
    sent: int = 0
    active: int = 1
    balance: int = _OWED
    paid: int = 0


def every_behaviour(customers: int) -> Sequence[str]:
    """The endings of so many numbers, all behaviours in turn."""
    return list(islice(cycle(ALL_BEHAVIOURS), customers))


def sample(
    customers: int,
    today: date,
    endings_of: Callable[[int], Sequence[str]] = every_behaviour,
) -> tuple[list[Customer], set[str]]:
    """So many customers, seven of ten due today, and the national numbers of those that are due.

    ``endings_of``: the endings of the numbers of so many.
    """
    due = round(customers * 0.7)
    endings = endings_of(due)
    called = [_due(place, ending, today) for place, ending in enumerate(endings)]
    rest = list(islice(cycle(_not_due(today)), customers - due))
    others = [_renumbered(one, place) for place, one in enumerate(rest)]
    return called + others, {number(place, ending) for place, ending in enumerate(endings)}


def number(place: int, ending: str) -> str:
    """A national mobile number with this ending, another one for each place."""
    return f"300{1_000 + place:05}{ending}"


def insert(
    connection: "pymysql.Connection[pymysql.cursors.Cursor]", customers: Sequence[Customer]
) -> None:
    """Write customers and their invoices."""
    with connection.cursor() as cursor:
        for one in customers:
            cursor.execute(
                "INSERT INTO afiliados (nombre, telefono, corte, activo, outbound_call,"
                " outbound_call_is_sent) VALUES (%s, %s, %s, %s, %s, %s)",
                (one.name, one.phone, one.cut_day, one.active, one.flag, one.sent),
            )
            cursor.execute(
                "INSERT INTO factura (`id-afiliado`, saldo, cerrado) VALUES (%s, %s, %s)",
                (cursor.lastrowid, one.balance, one.paid),
            )
    connection.commit()


def _due(place: int, ending: str, today: date) -> Customer:
    # The day of the cut; every day is one, the 1st and the 31st included.
    return Customer(f"Cliente {place + 1}", _spelled(place, number(place, ending)), str(today.day))


def _spelled(place: int, digits: str) -> str:
    """The number as people write it: each in another way."""
    forms = (
        digits,
        f"+57 {digits[:3]} {digits[3:6]} {digits[6:]}",
        f"57{digits}",
        f"({digits[:3]}) {digits[3:6]}-{digits[6:]}",
        f"03{digits}",
        f"{digits} / 601{2_000_000 + place}",
    )
    return forms[place % len(forms)]


def _not_due(today: date) -> Iterator[Customer]:
    day = str(today.day)
    yield Customer("Ya pagó", "", day, paid=1)
    yield Customer("Sin saldo", "", day, balance=0)
    yield Customer("Ya fue llamado", "", day, sent=1)
    yield Customer("No autorizó llamadas", "", day, flag=0)
    yield Customer("Sin corte", "", None)
    yield Customer("Corte imposible", "", "32")
    yield Customer("Corte con texto", "", "quince")
    # From the 30th on every cut day is near: then it is one more of those who have paid.
    far = today.day + 2
    yield Customer("Corte lejano", "", str(far) if far <= 28 else day, paid=int(far > 28))
    yield Customer("Sin número", None, day)
    yield Customer("Número de relleno", "3000000000", day)
    yield Customer("Retirado", "", day, active=0)
    yield Customer("Teléfono fijo", "6012345678", day)


def _renumbered(customer: Customer, place: int) -> Customer:
    """A number that would be answered, so that a wrong call would show."""
    if customer.phone != "":
        return customer
    return Customer(**{**customer.__dict__, "phone": f"310{2_000 + place:05}00"})
