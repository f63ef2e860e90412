from datetime import UTC, date, datetime
from typing import Any

import pytest

from campaign.file import Campaign
from campaign.hours import Closed
from campaign.law import LAWS
from campaign.permission import Permission, permission
from campaign.reason import Reason
from campaign.sections import Timing

MONDAY = datetime(2026, 11, 23, 15, 0, tzinfo=UTC)
SUNDAY = datetime(2026, 11, 22, 15, 0, tzinfo=UTC)


def ask(now: datetime, **keys: Any) -> Permission | Closed:
    return permission(Campaign(name="c", **keys), now)


def test_it_names_the_rule_set_its_version_and_the_last_start() -> None:
    assert ask(MONDAY) == Permission("co-ley-2300", "2023-10-10", "open until 18:58")
    assert ask(MONDAY, timing=Timing(call_seconds=95)) == Permission(
        "co-ley-2300", "2023-10-10", "open until 18:57:55"
    )


@pytest.mark.parametrize(
    ("holidays", "verdict"),
    [((), "open without end"), ((date(2026, 11, 26),), "open until 2026-11-25 23:58")],
)
def test_without_a_law_only_the_company_ends_it(holidays: tuple[date, ...], verdict: str) -> None:
    assert ask(SUNDAY, law=LAWS["none"], holidays=holidays) == Permission("none", "", verdict)


def test_there_is_none_while_it_is_closed() -> None:
    refused = ask(SUNDAY)
    assert isinstance(refused, Closed)
    assert refused.reason is Reason.SUNDAY
