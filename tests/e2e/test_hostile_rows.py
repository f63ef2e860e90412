"""Rows as real tables hold them, and worse: what is in a field stays in that field."""

import json
import re
from datetime import datetime

import pytest

from lab import product
from lab.customers import Customer, number
from lab.demo import ZONE
from tests.e2e.scene import Row, Scene

STRANGERS = "31099999"
"""How numbers begin that stand in many fields, would be answered and must never be called. No two
customers have the same: they would be one person."""
MARK = "hostile-mark"
SHELL = f"${{SHELL(touch /srv/pbx/log/{MARK})}}"
ORIGINATE = (
    f"\r\nAction: Originate\r\nChannel: PJSIP/{STRANGERS}00@voip_issabel\r\n"
    "Context: overdue-answered\r\nExten: s\r\nPriority: 1\r\nAsync: true\r\n\r\n"
)
SQL = "'; DROP TABLE factura; DELETE FROM afiliados; -- "
TEXTS = [
    ORIGINATE,
    SQL,
    '" OR "1"="1',
    SHELL,
    ",OVERDUE_PROMPT=es/vm-intro",
    ")=1",
    f"&PJSIP/{STRANGERS}01@voip_issabel",
    "%s %(customer_id)s {phone} \\",
    "📞😀",
    "\0",
    "ñ" * 10_240,
]

NO_NUMBER = [
    None,
    "",
    "0",
    "3000000000",
    "6012345678",
    "+1 202 555 0100",
    "9" * 10_240,
    "PJSIP/voip_issabel",
    *[text for text in TEXTS if STRANGERS not in text],
]
NO_CUT_DAY = [None, "", "0", "32", "-1", "quince", "1 OR 1=1", "15'; -- ", "\r\n", "😀"]


@pytest.fixture
def answer(scene: Scene) -> Row:
    """One run through all of them; what it printed, and who had to be called."""
    today = str(datetime.now(ZONE).day)
    places = iter(range(1_000))

    def valid(phone: str = "{}", name: str | None = "Cliente") -> tuple[Customer, str]:
        its_number = number(next(places), "60")
        return Customer(name, phone.replace("{}", its_number), today), its_number

    spelled = [f"{{}} / {STRANGERS}02", "{}" + " " * 10_240, "\t+57{}\n", "(({}))", "Tel. {}, Ñoño"]
    expected = [
        valid(),
        *[valid("{}" + text) for text in TEXTS],
        *[valid(phone) for phone in spelled],
        *[valid(name=text) for text in [*TEXTS, "", None]],
    ]
    refused = [
        *[Customer("Sin número", phone, today) for phone in NO_NUMBER],
        *[Customer("Sin corte", f"{STRANGERS}03", cut) for cut in NO_CUT_DAY],
    ]
    people = [one for pair in zip(expected, refused, strict=False) for one in (pair[0][0], pair[1])]
    shorter = min(len(expected), len(refused))
    people += [one for one, _ in expected[shorter:]] + refused[shorter:] + [valid()[0]]
    scene.insert(people)
    add_text_columns(scene)
    before = scene.rows("SELECT id, nombre, telefono, corte, cedula, zona FROM afiliados")
    where = {"activo": 1, "eliminar": 0, "zona": SQL}
    campaign = scene.campaign(
        {
            "source": {"where": where, "person": "cedula"},
            "trunk": {"calls_per_second": 50},
        }
    )
    done = product.run(scene.lab, "originator", "run", campaign, "--json")
    assert done.returncode == 0, done.stderr
    return {
        "summary": json.loads(done.stdout),
        "log": done.stderr,
        "expected": sorted(number(place, "60") for place in range(next(places))),
        "refused": len(refused),
        "before": before,
    }


def add_text_columns(scene: Scene) -> None:
    """A person and a zone for everybody, as hostile as the rest; the zone is a condition."""
    scene.rows("ALTER TABLE afiliados ADD cedula TEXT, ADD zona TEXT")
    for row in scene.rows("SELECT id FROM afiliados"):
        person = f"{row['id']:06}" + TEXTS[row["id"] % len(TEXTS)]
        update = "UPDATE afiliados SET cedula = %s, zona = %s WHERE id = %s"
        scene.rows(update, person, SQL, row["id"])


def test_hostile_rows_change_nothing_but_whom_we_do_not_call(scene: Scene, answer: Row) -> None:
    calls = scene.calls()
    assert sorted(call.number for call in calls) == answer["expected"]
    assert {call.caller_id for call in calls} == {"3241000752"}
    assert scene.mismatches() == []
    assert scene.journal() == {}

    summary = answer["summary"]
    assert summary["stop_reason"] == "done"
    assert summary["outcomes"] == {"busy": len(answer["expected"])}
    assert sum(summary["skipped"].values()) == answer["refused"]
    assert set(summary["skipped"]) == {"bad_number", "bad_cut_day"}

    now = scene.rows("SELECT id, nombre, telefono, corte, cedula, zona FROM afiliados")
    assert now == answer["before"]
    (invoices,) = scene.rows("SELECT COUNT(*) AS invoices FROM factura")
    assert invoices["invoices"] == len(now)
    assert not (scene.lab.pbx.directory / "log" / MARK).exists()

    for line in answer["log"].splitlines():
        assert re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|WARNING) originator\.", line)
        assert not re.search(r"3\d{9}", line)
