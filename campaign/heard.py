"""What an answered leg leaves behind when it is let go."""

from dataclasses import dataclass

from campaign.event import Event
from campaign.journal import Course, Leg


@dataclass(frozen=True)
class Heard:
    """All of it; the journal keeps only course and leg."""

    course: Course
    leg: Leg
    events: tuple[Event, ...] = ()
