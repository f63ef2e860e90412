"""UTC on both sides: aware in Python, without a zone in our DATETIME(3) columns."""

from datetime import UTC, datetime


def to_database(moment: datetime) -> datetime:
    """An aware moment as the naive UTC that our columns hold, whole milliseconds."""
    utc = moment.astimezone(UTC).replace(tzinfo=None)
    return utc.replace(microsecond=utc.microsecond // 1000 * 1000)


def from_database(value: datetime | None) -> datetime | None:
    """A column's value as an aware moment."""
    return value.replace(tzinfo=UTC) if value is not None else None


def aware(value: datetime) -> datetime:
    """The value of a column that is never NULL as an aware moment."""
    return value.replace(tzinfo=UTC)
