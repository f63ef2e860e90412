"""What the answered leg needs to know of its campaign; a run stores it."""

import json
from dataclasses import dataclass, fields
from typing import Any, Literal
from zoneinfo import ZoneInfo

from campaign.errors import CampaignError
from campaign.fixed_prompts import OF_VALUES, fixed_prompts
from campaign.flow_sections import Keys, Machine, Promise, Transfer
from campaign.law import LAWS, Hours, Law
from campaign.sections import Week

Language = Literal["es_MX", "en"]
FlowName = Literal["announce", "confirm"]


@dataclass(frozen=True)
class FlowTerms:
    """The keys of the campaign file with these names; ``campaign.file`` says what each may be."""

    language: Language
    flow: FlowName
    prompt: str
    personal: tuple[str, ...]
    paid_prompt: str | None
    greeting: str
    neutral_prompt: str | None
    answer_seconds: int
    keys: Keys
    promise: Promise
    transfer: Transfer
    machine: Machine
    law: Law
    time_zone: ZoneInfo

    @classmethod
    def names(cls) -> tuple[str, ...]:
        """The fields, which are keys of the campaign file."""
        return tuple(each.name for each in fields(cls))

    @property
    def sounds(self) -> tuple[str, ...]:
        """The sound files that the campaign names and a call may play, each once."""
        wanted = [self.prompt, self.paid_prompt]
        wanted += [part for part in self.personal if part not in OF_VALUES]
        if self.flow == "confirm":
            wanted += [self.greeting, self.neutral_prompt]
        if self.machine.detect and "neutral" in (self.machine.policy, self.machine.unsure):
            wanted.append(self.neutral_prompt)
        return tuple(dict.fromkeys(sound for sound in wanted if sound))

    @property
    def fixed_sounds(self) -> tuple[str, ...]:
        """Those of the language's set that a call may play besides, each once."""
        wanted = fixed_prompts(self.keys, self.personal)
        return tuple(dict.fromkeys(f"{self.language}/{prompt}" for prompt in wanted))

    @property
    def hashed(self) -> str:
        """Whose hash tells what a customer heard: the message, or of a personal one its set."""
        return f"{self.language}/manifest" if self.personal else self.prompt

    def to_json(self) -> str:
        """The text that a run stores, which ``from_json`` reads back."""
        return json.dumps(vars(self), default=_plain, ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> "FlowTerms":
        """Read the text of ``to_json``; its sections are checked again. Raises CampaignError."""
        try:
            values: dict[str, Any] = json.loads(text)
            transfer = values["transfer"]
            return cls(
                **values
                | {
                    "personal": tuple(values["personal"]),
                    "keys": Keys(**values["keys"]),
                    "promise": Promise(**values["promise"]),
                    "transfer": Transfer(**transfer | {"hours": Week(**transfer["hours"])}),
                    "machine": Machine(**values["machine"]),
                    "law": LAWS[values["law"]],
                    "time_zone": ZoneInfo(values["time_zone"]),
                }
            )
        except (KeyError, TypeError, ValueError) as error:
            raise CampaignError(
                f"the flow that this run stored cannot be read ({error!r}); start a new run"
            ) from None


def _plain(value: object) -> object:
    match value:
        case Hours():
            return str(value)
        case Law():
            return value.name
        case ZoneInfo():
            return value.key
    return vars(value)
