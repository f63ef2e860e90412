"""When a customer may be connected to a person, and until when they may talk."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from campaign.file import Campaign
from campaign.flow_sections import Transfer
from campaign.law import CLOSED, LAWS, Hours
from campaign.sections import Week
from campaign.transfer import talk_limit

CAMPAIGN = Campaign(name="pruebas")
AGENTS = Week(tuesday=Hours(8 * 60, 12 * 60), wednesday=CLOSED)
TERMS = replace(
    CAMPAIGN.flow_terms, transfer=Transfer(dial="PJSIP/200", hours=AGENTS, talk_seconds=600)
)


def at(day: int, clock: str) -> datetime:
    """A moment of the week of Monday 2026-11-23, in the campaign's zone."""
    text = f"2026-11-{day} {clock}"
    return datetime.fromisoformat(text).replace(tzinfo=CAMPAIGN.time_zone)


@pytest.mark.parametrize(
    ("now", "seconds"),
    [
        (at(23, "07:00"), 600),  # a day that is not named: all of it
        (at(24, "07:59:59"), None),
        (at(24, "08:00"), 600),
        (at(24, "11:59:59"), 600),  # who talks at noon may go on
        (at(24, "12:00"), None),
        (at(25, "09:00"), None),
        (at(26, "18:49:40"), 600),
        (at(26, "18:55:00"), 280),  # 20 s of ringing, and over at 19:00
        (at(26, "18:58:40"), 60),
        (at(26, "18:58:41"), None),
        (at(26, "19:30"), None),
        (at(29, "10:00"), None),  # Sunday
    ],
)
def test_it_is_in_the_hours_of_both_and_over_when_the_law_closes(
    now: datetime, seconds: int | None
) -> None:
    limit = None if seconds is None else timedelta(seconds=seconds)
    assert talk_limit(TERMS, now) == limit


def test_without_a_law_only_the_hours_of_the_people_count() -> None:
    terms = replace(TERMS, law=LAWS["none"])
    assert talk_limit(terms, at(29, "23:59:59")) == timedelta(seconds=600)
    assert talk_limit(terms, at(25, "09:00")) is None


def test_the_terms_of_a_run_keep_the_law_and_the_zone() -> None:
    again = type(TERMS).from_json(TERMS.to_json())
    assert again == TERMS
