"""The campaign file: one YAML text that says all of a campaign (``example.yaml`` explains it)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import yaml

from campaign.checks import (
    IDENTIFIER,
    Checked,
    RefusedError,
    Text,
    conditions,
    key,
    law_name,
    number,
    one_of,
    optional,
    section,
    whole,
    zone_name,
)
from campaign.errors import OverdueError
from campaign.hours import Law
from campaign.phone import DialFormat
from campaign.section import SectionError, read

_DAY = 24 * 60 * 60


class CampaignError(OverdueError):
    """The campaign file cannot be used; names file, line, key and what is allowed."""


@dataclass(frozen=True)
class Trunk(Checked):
    """The SIP trunk that carries the calls."""

    technology: str = key(one_of("PJSIP", "SIP"), default="PJSIP")
    name: str = key(
        Text(r"[A-Za-z0-9_.-]{1,64}", "the trunk's name on the PBX: letters, digits, _, . or -"),
        default="voip_issabel",
    )
    calls_per_second: float = key(number(0, 100), default=1)
    """0: no pacing."""
    max_calls: int = key(whole(1, 1000), default=10)

    @property
    def label(self) -> str:
        """The trunk as our tables name it; campaigns with the same label share its limits."""
        return f"{self.technology}/{self.name}"


@dataclass(frozen=True)
class Timing(Checked):
    """Limits in seconds."""

    ring_seconds: int = key(whole(1, 120), default=30)
    call_seconds: int = key(whole(1, 3600), default=90)
    grace_seconds: int = key(whole(5, 600), default=60)
    """After ring time and call limit: from then on missing evidence is evidence."""
    delivered_after_seconds: float = key(number(0, 3600), default=8)
    run_seconds: int = key(whole(1, _DAY), default=300)
    run_seconds_per_customer: int = key(whole(0, _DAY), default=300)
    retry_wait_seconds: int = key(whole(0, _DAY), default=0)


@dataclass(frozen=True)
class Retry(Checked):
    """How often a person is called in a day, over all outcomes."""

    attempts_per_day: int = key(whole(1, 20), default=3)
    spacing_minutes: float = key(number(0, 24 * 60), default=60)


@dataclass(frozen=True)
class Source(Checked):
    """Where the company keeps customers and invoices: names of tables and columns."""

    customers: str = key(IDENTIFIER, default="afiliados")
    customer_id: str = key(IDENTIFIER, default="id")
    phone: str = key(IDENTIFIER, default="telefono")
    cut_day: str = key(IDENTIFIER, default="corte")
    person: str | None = key(optional(IDENTIFIER), default=None)
    flag: str = key(IDENTIFIER, default="outbound_call")
    sent: str = key(IDENTIFIER, default="outbound_call_is_sent")
    attempts: str = key(IDENTIFIER, default="outbound_call_attempts")
    completed_at: str = key(IDENTIFIER, default="outbound_call_completed_at")
    where: Mapping[str, int | str] = key(conditions, default_factory=dict)
    invoices: str = key(IDENTIFIER, default="factura")
    invoice_customer: str = key(IDENTIFIER, default="id-afiliado")
    invoice_balance: str = key(IDENTIFIER, default="saldo")
    invoice_closed: str = key(IDENTIFIER, default="cerrado")

    def to_json(self) -> str:
        """The text that a run stores, which ``from_json`` reads back."""
        return json.dumps(vars(self) | {"where": dict(self.where)}, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "Source":
        """Read the text of ``to_json``, checked again; raises CampaignError."""
        try:
            return cls(**json.loads(text))
        except (TypeError, ValueError) as error:
            raise CampaignError(
                f"the source that this run stored cannot be read ({error}); start a new run"
            ) from None


@dataclass(frozen=True)
class Campaign(Checked):
    """All of one campaign."""

    name: str = key(
        Text(r"[A-Za-z0-9_-]{1,64}", "the campaign's name: up to 64 letters, digits, _ or -"),
        written="campaign",
        default="",
    )
    time_zone: ZoneInfo = key(zone_name, default="America/Bogota")
    law: Law = key(law_name, default="co-ley-2300")
    caller_id: str = key(
        Text(r"\+?[0-9]{3,15}", "3 to 15 digits, with a plus before them or not"),
        default="3241000752",
    )
    prompt: str = key(
        Text(
            r"(?=.{1,128}$)[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*",
            "a sound file below the PBX's sounds, without its ending, as es_MX/morosos_natalia",
        ),
        default="es_MX/morosos_natalia",
    )
    dial_format: DialFormat = key(one_of("national", "e164"), default="national")
    trunk: Trunk = key(section(Trunk), default_factory=Trunk)
    timing: Timing = key(section(Timing), default_factory=Timing)
    retry: Retry = key(section(Retry), default_factory=Retry)
    source: Source = key(section(Source), default_factory=Source)

    def __post_init__(self) -> None:
        """Check each value, and that the law's hours are meant in the campaign's zone."""
        super().__post_init__()
        if self.law.time_zone not in (None, self.time_zone.key):
            raise RefusedError(f"{self.law.time_zone} under law {self.law.name}", "time_zone")


def load(path: Path) -> Campaign:
    """Read a campaign file; raises CampaignError for the first wrong thing in it."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
        node = yaml.compose(text, Loader=yaml.SafeLoader)
    except OSError as error:
        raise CampaignError(f"campaign file {path}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise CampaignError(f"campaign file {path}: save it as UTF-8 text") from None
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CampaignError(f"{path} line {line}: not YAML, {error.problem}") from None
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise CampaignError(f"{path} line {line}: not YAML, {error.reason}") from None
    except RecursionError:
        raise CampaignError(f"{path}: not a campaign file, it is nested too deeply") from None
    except (ValueError, OverflowError):  # escapes and directives beyond all bounds
        raise CampaignError(f"{path}: not YAML, a number or character in it is too large") from None
    if node is None:
        raise CampaignError(f"campaign file {path} is empty, it needs at least campaign: NAME")
    try:
        return read(Campaign, node)
    except SectionError as error:
        raise CampaignError(f"{path} {error}") from None
