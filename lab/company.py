"""A large company: customers and invoices made inside the database, in seconds."""

from datetime import datetime

import pymysql

_CHUNK = 100_000
_DIGITS = " UNION ALL ".join(f"SELECT {digit} AS d" for digit in range(10))
_NUMBERS = f"""
SELECT a.d + 10 * b.d + 100 * c.d + 1000 * d.d + 10000 * e.d AS n
FROM ({_DIGITS}) a, ({_DIGITS}) b, ({_DIGITS}) c, ({_DIGITS}) d, ({_DIGITS}) e
"""  # noqa: S608 (digits)

# Of 100: 5 not marked, 5 called before, 5 without a usable number, 2 without a cut day.
_CUSTOMERS = """
INSERT INTO afiliados (id, nombre, telefono, corte, activo, outbound_call, outbound_call_is_sent,
                       outbound_call_attempts)
SELECT i, CONCAT('Cliente ', i),
       CASE WHEN i %% 100 IN (7, 27, 47) THEN '3000000000'
            WHEN i %% 100 IN (67, 87) THEN NULL
            ELSE CONCAT('30', LPAD(i, 8, '0')) END,
       CASE WHEN i %% 50 = 9 THEN 'pendiente' ELSE {cut_day} END,
       1, i %% 20 <> 3, i %% 20 = 5, 0
FROM (SELECT n + %(first)s AS i FROM ({numbers}) digits WHERE n < %(many)s) AS made
ORDER BY i
"""

# The newest of three is open for three of four customers; one of ten owes an older one, too.
_INVOICES = """
INSERT INTO factura (`id-afiliado`, saldo, cerrado)
SELECT i, CASE WHEN k = 2 THEN 30000 + 1000 * (i * 7 %% 90) ELSE 45000 END,
       CASE WHEN k = 2 THEN i %% 4 = 0 WHEN k = 1 THEN i %% 10 <> 1 ELSE 1 END
FROM (SELECT n + %(first)s AS i FROM ({numbers}) digits WHERE n < %(many)s) AS made,
     (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2) AS invoices
ORDER BY k, i
"""

# Calls of the months before, all busy, a customer's in turn; the newest is two days old.
_ATTEMPTS = """
INSERT INTO overdue_attempt (id, run_id, source, customer_id, number, person, state, outcome,
                             outcome_class, trunk, prompt, pbx, pbx_boot, claimed_at, dialing_at,
                             ended_at, closed_at)
SELECT CONCAT('01PAST', LPAD(i, 20, '0')), %(run)s, 'afiliados', 1 + i %% %(customers)s, number,
       number, 'ended', 'busy', 'person', 'PJSIP/voip_issabel', '-', '-', '-', at, at, at, at
FROM (SELECT n + %(first)s AS i,
             CONCAT('5730', LPAD(1 + (n + %(first)s) %% %(customers)s, 8, '0')) AS number,
             %(now)s - INTERVAL 2 DAY - INTERVAL n + %(first)s SECOND AS at
      FROM ({numbers}) digits WHERE n < %(many)s) AS made
ORDER BY i
"""
_ATTEMPT_NUMBERS = """
INSERT INTO overdue_attempt_number (attempt_id, number, claimed_at)
SELECT id, number, claimed_at FROM overdue_attempt WHERE run_id = %(run)s
"""

_EVERY_DAY = "1 + i * 7 %% 31"


def fill(
    connection: "pymysql.Connection[pymysql.cursors.Cursor]",
    customers: int,
    cut_day: int | None = None,
) -> None:
    """Write so many customers, each with three invoices, into the company's empty tables.

    ``cut_day``: of all of them; None: every day of the month alike. About 20 s a million.
    """
    day = _EVERY_DAY if cut_day is None else str(cut_day)
    with connection.cursor() as cursor:
        for statement in (_CUSTOMERS, _INVOICES):
            sql = statement.format(numbers=_NUMBERS, cut_day=day)
            for first in range(1, customers + 1, _CHUNK):
                many = min(_CHUNK, customers + 1 - first)
                cursor.execute(sql, {"first": first, "many": many})
                connection.commit()


def fill_attempts(
    connection: "pymysql.Connection[pymysql.cursors.Cursor]",
    attempts: int,
    customers: int,
    run_id: str,
    now: datetime,
) -> None:
    """Write so many past attempts of ``run_id`` to the customers of `fill`."""
    with connection.cursor() as cursor:
        values: dict[str, object] = {"customers": customers, "run": run_id, "now": now}
        for first in range(1, attempts + 1, _CHUNK):
            values |= {"first": first, "many": min(_CHUNK, attempts + 1 - first)}
            cursor.execute(_ATTEMPTS.format(numbers=_NUMBERS), values)
        cursor.execute(_ATTEMPT_NUMBERS, values)
    connection.commit()
