"""A page with one row for each call: what came of it, and what the customer heard."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_TEMPLATE = Path(__file__).with_name("listening_page.html.j2")


@dataclass(frozen=True)
class ListeningRow:
    """One call."""

    at: str
    """Time of day of the INVITE, in the campaign's zone."""
    number: str
    behaviour: str
    outcome: str
    spanish: str
    heard_seconds: float | None
    """As the database has it; None: not answered."""
    keys: str
    recording: str | None
    """Path of the carrier's recording, from the page's directory; None: not answered."""


def write_page(file: Path, rows: Sequence[ListeningRow]) -> None:
    """Write the page; what stands in a row is shown as text, whatever it holds."""
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATE.parent), autoescape=True, undefined=StrictUndefined
    )
    file.write_text(environment.get_template(_TEMPLATE.name).render(rows=rows), encoding="utf-8")
