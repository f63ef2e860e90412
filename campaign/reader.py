"""From the nodes of a YAML text to a checked dataclass, with the line of whatever is wrong."""

from collections.abc import Iterator
from dataclasses import fields
from difflib import get_close_matches
from typing import Any, TypeVar, get_type_hints

import yaml

from campaign.checks import Checked, RefusedError, Sections, takes_text, written_key
from campaign.mask import safe

T = TypeVar("T", bound=Checked)

_RAW_FOR_TEXT = tuple(f"tag:yaml.org,2002:{tag}" for tag in ("str", "int", "float", "timestamp"))
_SCALARS = tuple(f"tag:yaml.org,2002:{tag}" for tag in ("null", "bool", "int", "float"))


class SectionError(ValueError):
    """What is wrong at a line of the text; lines count from 1."""

    def __init__(self, line: int, problem: str) -> None:
        super().__init__(f"line {line}: {problem}")


def read(section: type[T], node: yaml.Node, path: str = "") -> T:
    """Build ``section`` from a mapping; raises SectionError for the first wrong thing.

    ``path`` is the section's own key with a dot, for messages; in a list with its place from 1.
    """
    keys = {written_key(each): each for each in fields(section)}  # type: ignore[arg-type]
    types = get_type_hints(section)
    values: dict[str, Any] = {}
    for name, value in _pairs(node, path, list(keys)):
        each = keys[name]
        kind, check = types[each.name], each.metadata["check"]
        if isinstance(kind, type) and issubclass(kind, Checked):
            values[each.name] = read(kind, value, f"{path}{name}.")
        elif isinstance(check, Sections) and isinstance(value, yaml.SequenceNode):
            values[each.name] = tuple(
                read(check.kind, item, f"{path}{name}.{place}.")
                for place, item in enumerate(value.value, start=1)
            )
        else:
            values[each.name] = _plain(value, takes_text(check))
    try:
        return section(**values)
    except RefusedError as error:
        raise _refused(node, path, error) from None


def written(node: yaml.Node, path: str = "") -> Iterator[str]:
    """Every key that stands in a text, as timing.ring_seconds; items of a list count from 1."""
    if isinstance(node, yaml.MappingNode):
        for key_node, value in node.value:
            yield f"{path}{key_node.value}"
            yield from written(value, f"{path}{key_node.value}.")
    elif isinstance(node, yaml.SequenceNode):
        for place, item in enumerate(node.value, start=1):
            yield from written(item, f"{path}{place}.")


def _refused(node: yaml.Node, path: str, error: RefusedError) -> SectionError:
    """The refusal with the line of the value, or of the section in which it is missing."""
    names, what = [], ""
    for step in error.key.split("."):
        found = _child(node, step)
        if not step.isdigit():
            names.append(step)
        if found is None:
            what = "is missing"
            continue
        node, what = found, f"{'has' if step.isdigit() else 'is'} {_shown(found)}"
    return SectionError(_line(node), f"{path}{'.'.join(names)} {what}, allowed is {error.allowed}")


def _child(node: yaml.Node, step: str) -> yaml.Node | None:
    found: yaml.Node | None = None
    if isinstance(node, yaml.SequenceNode) and step.isdigit():
        found = node.value[int(step)]
    elif isinstance(node, yaml.MappingNode):
        found = next((value for name, value in node.value if name.value == step), None)
    return found


def _pairs(node: yaml.Node, path: str, allowed: list[str]) -> list[tuple[str, yaml.Node]]:
    if not isinstance(node, yaml.MappingNode):
        what = path.rstrip(".") or "the file"
        raise SectionError(_line(node), f"{what} must hold keys with values: {', '.join(allowed)}")
    seen: dict[str, int] = {}
    for key_node, _ in node.value:
        name = key_node.value
        if not isinstance(name, str) or name not in allowed:
            raise SectionError(_line(key_node), _unknown(key_node, path, allowed))
        if name in seen:
            problem = f"{path}{name} stands here again, it is already in line {seen[name]}"
            raise SectionError(_line(key_node), problem)
        seen[name] = _line(key_node)
    return [(key_node.value, value) for key_node, value in node.value]


def _unknown(node: yaml.Node, path: str, allowed: list[str]) -> str:
    name = node.value[:64] if isinstance(node, yaml.ScalarNode) else ""
    close = get_close_matches(name, allowed, n=1)
    hint = f"did you mean {close[0]}?" if close else f"allowed are {', '.join(allowed)}"
    where = f" in {path.rstrip('.')}" if path else ""
    return f"there is no key {_shown(node)}{where}, {hint}"


def _plain(node: yaml.Node, is_text: bool) -> object:
    """The value of a node; a number where text is wanted keeps the digits as they were written."""
    if isinstance(node, yaml.MappingNode):
        return _flat_mapping(node)
    if isinstance(node, yaml.SequenceNode):
        flat = (yaml.MappingNode, yaml.SequenceNode)
        return [None if isinstance(item, flat) else _plain(item, is_text) for item in node.value]
    if not isinstance(node, yaml.ScalarNode):
        return node
    if node.tag == _RAW_FOR_TEXT[0] or (is_text and node.tag in _RAW_FOR_TEXT):
        return node.value
    if node.tag not in _SCALARS:
        return node
    try:
        return yaml.SafeLoader("").construct_object(node)
    except (ValueError, LookupError):  # an explicit tag on a text that does not fit it
        return node


def _flat_mapping(node: yaml.MappingNode) -> object:
    values: dict[object, object] = {}
    for key_node, value in node.value:
        name = key_node.value if isinstance(key_node, yaml.ScalarNode) else None
        if name in values:
            raise SectionError(_line(key_node), f"{_shown(key_node)} stands here again")
        values[name] = None if isinstance(value, yaml.MappingNode) else _plain(value, False)
    return values


def _shown(node: yaml.Node) -> str:
    if isinstance(node, yaml.ScalarNode):
        return f"“{safe(node.value, limit=40)}”"
    return "a list" if isinstance(node, yaml.SequenceNode) else "a set of keys"


def _line(node: yaml.Node) -> int:
    return int(node.start_mark.line) + 1
