"""What the database knows of a customer who has just answered."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from zoneinfo import ZoneInfo

from campaign.flow_terms import FlowTerms
from campaign.journal import Course


@dataclass(frozen=True)
class Values:
    """What a personal message can say."""

    amount: Decimal
    """What he owes."""
    cut_date: date
    """The day of the cut, or on which the oldest open invoice that is due was to be paid."""
    invoices: int | None
    """How many are open; None: his message does not say it."""


@dataclass(frozen=True)
class Met:
    """Read in one transaction at the answer."""

    course: Course
    """PAID or the announcement."""
    terms: FlowTerms
    time_zone: ZoneInfo
    """In which the campaign's today is meant."""
    values: Values | None
    """None: they are not wanted, or cannot be read."""
