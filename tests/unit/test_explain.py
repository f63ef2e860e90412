from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from campaign.explain import explain
from campaign.file import Campaign
from campaign.flow_sections import Keys, Machine, Transfer
from campaign.law import CLOSED, LAWS, Hours
from campaign.sections import DueRule, Numbers, Retry, Timing, Trunk, Week
from campaign.source import Source

WEEKLY = replace(LAWS["co-ley-2300"], contact_days=7)
MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)


def told(now: datetime = MONDAY, **keys: Any) -> dict[str, str]:
    return explain(Campaign(name="c", **keys), now)


@pytest.mark.parametrize(
    ("now", "keys", "today", "at_once"),
    [
        (
            MONDAY,
            {},
            "Monday 2026-11-23: open 07:00-19:00; last start before 18:58:00, which is closing"
            " less 30 s of ringing and 90 s of call",
            "calls may start",
        ),
        (
            MONDAY,
            {"timing": Timing(ring_seconds=20, call_seconds=65)},
            "last start before 18:58:35, which is closing less 20 s of ringing and 65 s of call",
            "calls may start",
        ),
        (
            MONDAY,
            {"hours": Week(monday=Hours(8 * 60, 9 * 60))},
            "Monday 2026-11-23: open 08:00-09:00; last start before 08:58:00",
            "no call may start (after the last start of the day); the next window opens"
            " Tuesday 2026-11-24 07:00",
        ),
        (
            MONDAY,
            {"hours": Week(monday=CLOSED)},
            "Monday 2026-11-23: closed (a weekday on which the company does not call)",
            "the next window opens Tuesday 2026-11-24 07:00",
        ),
        (
            MONDAY,
            {"holidays": (date(2026, 11, 23), date(2026, 11, 24))},
            "Monday 2026-11-23: closed (holiday of the company)",
            "the next window opens Wednesday 2026-11-25 07:00",
        ),
        (
            datetime(2026, 12, 8, 4, 59, tzinfo=UTC),
            {},
            "Monday 2026-12-07: open 07:00-19:00",
            "the next window opens Wednesday 2026-12-09 07:00",
        ),
        (MONDAY, {"law": LAWS["none"]}, "Monday 2026-11-23: open all day", "calls may start"),
    ],
)
def test_today_is_told_with_the_last_start_and_the_next_opening(
    now: datetime, keys: dict[str, Any], today: str, at_once: str
) -> None:
    words = told(now, **keys)
    assert today in words["today"]
    assert at_once in words["now"]


@pytest.mark.parametrize(
    ("subject", "keys", "sentence"),
    [
        ("law", {}, "co-ley-2300, in force since 2023-10-10, in America/Bogota; one contact a day"),
        ("law", {"law": WEEKLY}, "one contact in 7 days with a person"),
        ("law", {"law": LAWS["none"]}, "none: only the hours of this file count"),
        (
            "who",
            {"source": Source(where={"activo": 1}, invoice_closed=None, invoice_where={"t": "a"})},
            "rows of afiliados with outbound_call = 1, outbound_call_is_sent = 0, activo = 1"
            " that have a row in factura with saldo > 0, t = a",
        ),
        ("when", {}, "from 1 day before the day of the month in corte, to the end of that month"),
        (
            "when",
            {
                "due": DueRule("due_date", 0, 60),
                "source": Source(invoice_due_date="vence"),
            },
            "from 0 days before the date in vence, until 60 days after it",
        ),
        ("how often", {}, "each number is one) at most 3 times a day, 12 in a cycle, 60 minutes"),
        ("how often", {"contact": "attempted"}, "any call that may have rung is the contact"),
        ("how often", {}, "an answered call is the contact, and there is one contact a day"),
        ("how often", {"law": WEEKLY}, "there is one contact in 7 days with a person"),
        (
            "how often",
            {"retry": Retry(1, 2, 3), "source": Source(person="cedula")},
            "each person (column cedula) at most 1 time a day, 2 in a cycle, 3 in all",
        ),
        (
            "numbers",
            {"numbers": Numbers(("mobile",), ("300",)), "do_not_call": ("cobro",)},
            "mobile numbers that begin with 300 in telefono; entries for cobro of the do-not-call",
        ),
        (
            "trunks",
            {"trunks": (Trunk(name="a", calls_per_second=0), Trunk(name="b", max_calls=1))},
            "PJSIP/a: new calls without pace, 10 calls at once; standby PJSIP/b: new calls 1 a"
            " second, 1 call at once",
        ),
        ("message", {"paid_prompt": None}, "whoever has paid meanwhile hears nothing"),
        (
            "message",
            {"personal": ("es_MX/your_balance", "{amount}")},
            "es_MX/your_balance + {amount} (without the values es_MX/morosos_natalia) from 32",
        ),
        (
            "message",
            {"flow": "confirm", "neutral_prompt": None},
            "es_MX/saludo_titular first; after key 1 es_MX/morosos_natalia from 3241000752;"
            " whoever has paid meanwhile hears es_MX/gracias_pago; whoever does not press it"
            " hears nothing",
        ),
        (
            "keys",
            {"answer_seconds": 3},
            "1 the message again; 2 a person; 3 promise to pay within 5 days, left alone until 1"
            " after it; 8 wrong person; 9 no more calls; waits 3 s for one after the message",
        ),
        ("keys", {"keys": Keys(None, None, None, None, None, None)}, "none; waits 0 s"),
        ("transfer", {}, "to nobody: the wish to be called back is noted"),
        (
            "transfer",
            {"transfer": Transfer(dial="PJSIP/200", hours=Week(monday=Hours(480, 1020)))},
            "PJSIP/200 in its hours (America/Bogota, 08:00-17:00), rings 20 s, talks 600 s at most",
        ),
        ("transfer", {"transfer": Transfer(queue="cobros")}, "queue cobros, rings 20 s"),
        ("machines", {}, "not listened for: a machine hears what a person does"),
        (
            "machines",
            {"machine": Machine(detect=True)},
            "listens for up to 5000 ms before anything is played; a machine is hung up, a"
            " doubtful one hears it all",
        ),
    ],
)
def test_a_sentence_for_each_subject(subject: str, keys: dict[str, Any], sentence: str) -> None:
    assert sentence in told(**keys)[subject]
