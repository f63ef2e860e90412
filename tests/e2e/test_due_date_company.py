"""A company with English names and due dates: the shipped second example calls its customers."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from lab.customers import number
from lab.demo import ZONE
from tests.e2e.scene import DELIVERED_AFTER, PROMPT, Scene
from tests.english_company import EXAMPLE, TABLES

ANSWERS = "00"


def campaign(directory: Path) -> str:
    """The example on the lab's trunk, at any hour, with the lab's short message."""
    content: dict[str, Any] = yaml.safe_load(EXAMPLE.read_text())
    content |= {"law": "none", "hours": {}, "holidays": [], "prompt": PROMPT}
    content["trunks"] = [{"calls_per_second": 10, "max_calls": 10}]
    content["timing"] = {"call_seconds": 30, "delivered_after_seconds": DELIVERED_AFTER}
    file = directory / "english.yaml"
    file.write_text(yaml.safe_dump(content))
    return str(file)


def owes(scene: Scene, place: int, due_in_days: int, status: str = "open") -> str:
    """Insert a customer with an invoice due in so many days; returns his number."""
    mobile = number(place, ANSWERS)
    due_date = datetime.now(ZONE).date() + timedelta(days=due_in_days)
    scene.rows(
        "INSERT INTO customers (national_id, mobile_phone) VALUES (%s, %s)", f"10{place}", mobile
    )
    scene.rows(
        "INSERT INTO invoices (customer_id, status, due_date, balance)"
        " SELECT MAX(id), %s, %s, 85000 FROM customers",
        status, due_date,
    )  # fmt: skip
    return mobile


def test_who_is_due_hears_the_message_and_nobody_else_is_called(scene: Scene) -> None:
    for table in TABLES:
        scene.rows(table)
    called = [owes(scene, 0, due_in_days=2), owes(scene, 1, due_in_days=-50)]
    owes(scene, 2, due_in_days=10)
    owes(scene, 3, due_in_days=-70)
    owes(scene, 4, due_in_days=-1, status="paid")
    file = campaign(scene.directory)

    plan = json.loads(scene.ok("originator", "plan", file, "--json"))
    assert plan["selected"] == ["1", "2"]
    assert plan["skipped"] == {"not_due": 2, "nothing_owed": 1}
    scene.ok("originator", "run", file, "--json")

    assert sorted(call.number for call in scene.calls()) == called
    assert all(scene.heard_it_all(call) for call in scene.calls())
    delivered = scene.rows("SELECT id, call_attempts FROM customers WHERE call_delivered = 1")
    assert delivered == [{"id": 1, "call_attempts": 1}, {"id": 2, "call_attempts": 1}]
    allowed = scene.rows("SELECT DISTINCT law, law_version, verdict FROM overdue_attempt")
    assert allowed == [{"law": "none", "law_version": "", "verdict": "open without end"}]
