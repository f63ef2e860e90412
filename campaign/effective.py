"""Every key of a campaign with the value that counts, and whether the file says it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any
from zoneinfo import ZoneInfo

from campaign.checks import Checked, written_key
from campaign.file import Campaign
from campaign.law import Law

Plain = str | int | float | list[Any] | dict[str, Any] | None
"""What JSON can hold."""


@dataclass(frozen=True)
class Value:
    """One key."""

    key: str
    """As timing.ring_seconds; trunks.1.name is of the first trunk."""
    value: Plain
    from_file: bool

    @property
    def text(self) -> str:
        """The value as a YAML file writes it."""
        return _text(self.value)


def effective(campaign: Campaign, keys: Collection[str]) -> list[Value]:
    """All values of a campaign, in the order of the file; ``keys``: those that stand in it."""
    lawful = {
        f"hours.{each.name}": str(hours)
        for each, hours in zip(fields(campaign.hours), campaign.law.week, strict=True)
    }
    return [
        replace(each, value=lawful[each.key]) if each.key in lawful and each.value is None else each
        for each in _values(campaign, keys, "")
    ]


def _values(section: Checked, keys: Collection[str], path: str) -> Iterator[Value]:
    for each in fields(section):  # type: ignore[arg-type]
        key, value = f"{path}{written_key(each)}", getattr(section, each.name)
        if isinstance(value, Checked):
            yield from _values(value, keys, f"{key}.")
        elif isinstance(value, tuple) and value and isinstance(value[0], Checked):
            for place, item in enumerate(value, start=1):
                yield from _values(item, keys, f"{key}.{place}.")
        else:
            yield Value(key, _plain(value), key in keys)


def _plain(value: object) -> Plain:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple):
        return [_plain(item) for item in value]
    if isinstance(value, Law):
        return value.name
    if isinstance(value, ZoneInfo):
        return value.key
    if isinstance(value, float):
        return int(value) if value.is_integer() else value
    return value if isinstance(value, str | int | None) else str(value)


def _text(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_text, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{name}: {_text(item)}' for name, item in value.items())}}}"
    return "null" if value is None else str(value)
