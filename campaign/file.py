"""The campaign file: one YAML text that says all of a campaign (``example.yaml`` explains it)."""

from dataclasses import dataclass, fields
from datetime import date, timedelta
from pathlib import Path
from typing import Literal
from zoneinfo import ZoneInfo

import yaml

from campaign.checks import (
    Checked,
    ListOf,
    OrNull,
    RefusedError,
    Sections,
    Text,
    key,
    one_of,
    section,
    whole,
)
from campaign.errors import CampaignError
from campaign.flow_sections import Keys, Machine, Promise, Transfer
from campaign.flow_terms import FlowName, FlowTerms, Language
from campaign.hours import CallingHours
from campaign.law import Law
from campaign.phone import DialFormat
from campaign.reader import SectionError, read, written
from campaign.sections import Breaker, DueRule, Limits, Numbers, Retry, Timing, Trunk, Week
from campaign.source import Source
from campaign.values import DAY, law_name, zone_name

_PATH = r"(?=.{1,128}$)[A-Za-z0-9_-]+(/[A-Za-z0-9_-]+)*"
_SOUND = Text(
    _PATH, "a sound file below the PBX's sounds, without its ending, as es_MX/morosos_natalia"
)
_PART = Text(
    rf"{_PATH}|\{{(amount|cut_date|invoices)\}}",
    "a sound file, or {amount}, {cut_date} or {invoices}",
)
_PURPOSE = Text(r"[A-Za-z0-9_-]{1,32}", "a purpose: up to 32 letters, digits, _ or -")


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
    contact: Literal["answered", "attempted"] = key(
        one_of("answered", "attempted"), default="answered"
    )
    """What closes the day for a person; ``attempted``: any call that may have rung."""
    hours: Week = key(section(Week), default_factory=Week)
    holidays: tuple[date, ...] = key(ListOf(DAY), default=())
    """The company's own days without calls."""
    caller_id: str = key(
        Text(r"\+?[0-9]{3,15}", "3 to 15 digits, with a plus before them or not"),
        default="3241000752",
    )
    language: Language = key(one_of("es_MX", "en"), default="es_MX")
    """The folder of the fixed prompts, and how values are spoken."""
    flow: FlowName = key(one_of("announce", "confirm"), default="announce")
    prompt: str = key(_SOUND, default="es_MX/morosos_natalia")
    personal: tuple[str, ...] = key(ListOf(_PART, most=20), default=())
    """Sound files and values that are heard in its place where the values can be read."""
    paid_prompt: str | None = key(OrNull(_SOUND), default="es_MX/gracias_pago")
    """For somebody who has paid meanwhile; None: nothing is played."""
    greeting: str = key(_SOUND, default="es_MX/saludo_titular")
    neutral_prompt: str | None = key(OrNull(_SOUND), default="es_MX/mensaje_neutral")
    """For whoever is not the holder, and for machines; None: nothing is played."""
    answer_seconds: int = key(whole(0, 60), default=0)
    """How long a key is waited for after the message."""
    keys: Keys = key(section(Keys), default_factory=Keys)
    promise: Promise = key(section(Promise), default_factory=Promise)
    transfer: Transfer = key(section(Transfer), default_factory=Transfer)
    machine: Machine = key(section(Machine), default_factory=Machine)
    dial_format: DialFormat = key(one_of("national", "e164"), default="national")
    numbers: Numbers = key(section(Numbers), default_factory=Numbers)
    do_not_call: tuple[str, ...] = key(ListOf(_PURPOSE), default=())
    """Purposes whose entries forbid a call; none named: every entry does."""
    trunks: tuple[Trunk, ...] = key(Sections(Trunk, 8), default=(Trunk(),))
    """In order of preference."""
    breaker: Breaker = key(section(Breaker), default_factory=Breaker)
    limits: Limits = key(section(Limits), default_factory=Limits)
    timing: Timing = key(section(Timing), default_factory=Timing)
    retry: Retry = key(section(Retry), default_factory=Retry)
    due: DueRule = key(section(DueRule), default_factory=DueRule)
    source: Source = key(section(Source), default_factory=Source)

    def __post_init__(self) -> None:
        """Check each value, and those that must fit each other."""
        super().__post_init__()
        if self.law.time_zone not in (None, self.time_zone.key):
            raise RefusedError(f"{self.law.time_zone} under law {self.law.name}", "time_zone")
        self._check_hours()
        labels = [trunk.label for trunk in self.trunks]
        if len(set(labels)) < len(labels):
            raise RefusedError("each trunk only once", "trunks")
        if self.flow == "confirm" and self.keys.confirm is None:
            raise RefusedError("a digit, with the flow confirm", "keys.confirm")
        column = "cut_day" if self.due.rule == "cut_day" else "invoice_due_date"
        if getattr(self.source, column) is None:
            raise RefusedError(f"a column, with the rule {self.due.rule}", f"source.{column}")

    @property
    def longest_call(self) -> timedelta:
        """Ring time and call limit."""
        return timedelta(seconds=self.timing.ring_seconds + self.timing.call_seconds)

    @property
    def is_paced(self) -> bool:
        """Whether calls on one of its trunks have to wait for a slot."""
        return any(trunk.calls_per_second for trunk in self.trunks)

    @property
    def flow_terms(self) -> FlowTerms:
        """What the answered leg needs to know."""
        return FlowTerms(**{name: getattr(self, name) for name in FlowTerms.names()})

    @property
    def calling_hours(self) -> CallingHours:
        """When calls are allowed: the law's hours, and the company's own."""
        return CallingHours(self.law, self.time_zone, self.hours.days, frozenset(self.holidays))

    def _check_hours(self) -> None:
        """The law's hours or less, and a day that is open for at least one call."""
        longest = self.longest_call.total_seconds() / 60
        a_day_is_open = False
        for each, own, lawful in zip(
            fields(self.hours), self.hours.days, self.law.week, strict=True
        ):
            if own and not own.within(lawful):
                allowed = "closed" if lawful.is_closed else f"{lawful} or narrower, or closed,"
                raise RefusedError(f"{allowed} under law {self.law.name}", f"hours.{each.name}")
            hours = own or lawful
            a_day_is_open |= not hours.is_closed
            if not hours.is_closed and hours.closes - hours.opens <= longest:
                raise RefusedError(
                    f"more than the {longest:g} minutes of ring_seconds and call_seconds",
                    f"hours.{each.name}",
                )
        if not a_day_is_open:
            raise RefusedError("at least one day that is not closed", "hours")


def load(path: Path) -> Campaign:
    """Read a campaign file; raises CampaignError for the first wrong thing in it."""
    return load_with_keys(path)[0]


def load_with_keys(path: Path) -> tuple[Campaign, frozenset[str]]:
    """The same, with the keys that stand in the file, as ``reader.written`` spells them."""
    node = _nodes(path)
    if node is None:
        raise CampaignError(f"campaign file {path} is empty, it needs at least campaign: NAME")
    try:
        return read(Campaign, node), frozenset(written(node))
    except SectionError as error:
        raise CampaignError(f"{path} {error}") from None


def _nodes(path: Path) -> yaml.Node | None:
    try:
        text = path.read_bytes().decode("utf-8-sig")
        return yaml.compose(text, Loader=yaml.SafeLoader)
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
