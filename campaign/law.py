"""The laws on calls, as data: a rule set has a name, a version, hours by weekday, and how often."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import holidays

from campaign.reason import Reason

_SUNDAY = 6
_MINUTES_OF_A_DAY = 24 * 60


@dataclass(frozen=True)
class Hours:
    """From when until when calls are allowed on a day, in minutes after midnight."""

    opens: int
    closes: int
    """Not included; 1440 is the midnight that ends the day."""

    def __str__(self) -> str:
        """As the campaign file writes it."""
        if self.is_closed:
            return "closed"
        return "-".join(f"{each // 60:02d}:{each % 60:02d}" for each in (self.opens, self.closes))

    @property
    def is_closed(self) -> bool:
        """Whether no moment of the day is allowed."""
        return self.opens >= self.closes

    def within(self, other: "Hours") -> bool:
        """Whether ``other`` allows all that this one allows."""
        return self.is_closed or (other.opens <= self.opens and self.closes <= other.closes)

    def narrowed(self, other: "Hours") -> "Hours":
        """What both allow."""
        return Hours(max(self.opens, other.opens), min(self.closes, other.closes))


CLOSED = Hours(0, 0)
ALL_DAY = Hours(0, _MINUTES_OF_A_DAY)


@dataclass(frozen=True)
class Law:
    """One rule set; ``name`` is its word in the campaign file."""

    name: str
    version: str
    """The day from which the law is in force as it stands here."""
    time_zone: str | None
    """The zone that the hours are written in; None: any."""
    week: tuple[Hours, ...]
    """By weekday, Monday first."""
    holiday_country: str | None
    """The country (ISO 3166) on whose public holidays nobody is called; None: no such days."""
    contact_days: int
    """A contact with a person is the only one of so many days, the first of them its own: 1 is once
    a day, 7 once a week. What counts as a contact, the campaign says."""

    @property
    def how_often(self) -> str:
        """In words."""
        days = "a day" if self.contact_days == 1 else f"in {self.contact_days} days"
        return f"one contact {days} with a person"

    def on(self, day: date) -> Hours | Reason:
        """The hours of a day, or why it has none."""
        if self.holiday_country and is_holiday(self.holiday_country, day):
            return Reason.SUNDAY if day.weekday() == _SUNDAY else Reason.HOLIDAY
        hours = self.week[day.weekday()]
        return Reason.SUNDAY if hours.is_closed else hours


_WEEKDAY = Hours(7 * 60, 19 * 60)
_SATURDAY = Hours(8 * 60, 15 * 60)

LAWS = {
    law.name: law
    for law in (
        # Ley 2300 de 2023, article 3.
        Law(
            name="co-ley-2300",
            version="2023-10-10",
            time_zone="America/Bogota",
            week=(*[_WEEKDAY] * 5, _SATURDAY, CLOSED),
            holiday_country="CO",
            contact_days=1,
        ),
        # Once a day all the same: who has heard the message does not hear it again at once.
        Law(
            name="none",
            version="",
            time_zone=None,
            week=(ALL_DAY,) * 7,
            holiday_country=None,
            contact_days=1,
        ),
    )
}


def is_holiday(country: str, day: date) -> bool:
    """Whether ``day`` is a public holiday of ``country`` (ISO 3166 code)."""
    return day in _holidays(country, day.year)


@lru_cache(maxsize=16)
def _holidays(country: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, years=year))
