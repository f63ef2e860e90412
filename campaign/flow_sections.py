"""The sections of the campaign file on the answered leg: keys, promise, transfer, machines."""

from dataclasses import dataclass
from typing import Literal

from campaign.checks import (
    Checked,
    OrNull,
    RefusedError,
    Text,
    key,
    one_of,
    section,
    whole,
    yes_or_no,
)
from campaign.sections import Week

_KEY = OrNull(Text(r"[0-9]", "one digit, or null"))

MachinePolicy = Literal["hang_up", "neutral", "play"]


@dataclass(frozen=True)
class Keys(Checked):
    """What each key does; None: no key does it."""

    confirm: str | None = key(_KEY, default="1")
    """After the greeting of the flow ``confirm``."""
    repeat: str | None = key(_KEY, default="1")
    transfer: str | None = key(_KEY, default="2")
    promise: str | None = key(_KEY, default="3")
    wrong_person: str | None = key(_KEY, default="8")
    do_not_call: str | None = key(_KEY, default="9")

    def __post_init__(self) -> None:
        """Also: one key means one thing, at the greeting and at the message."""
        super().__post_init__()
        anywhere = ("wrong_person", "do_not_call")
        for moment in (("confirm", *anywhere), ("repeat", "transfer", "promise", *anywhere)):
            taken: set[str] = set()
            for name in moment:
                pressed = getattr(self, name)
                if pressed in taken:
                    raise RefusedError("a key that does nothing else at that moment", name)
                if pressed is not None:
                    taken.add(pressed)


@dataclass(frozen=True)
class Promise(Checked):
    """Within what a customer may promise to pay."""

    most_days: int = key(whole(1, 9), default=5)
    """Key 1 to 9: in so many days."""
    grace_days: int = key(whole(0, 30), default=1)
    """He is not called until so many days after the promised one."""


@dataclass(frozen=True)
class Transfer(Checked):
    """Where a customer who wants to talk to somebody is connected."""

    dial: str | None = key(
        OrNull(
            Text(
                r"(?=.{1,120}$)(PJSIP|SIP)/[A-Za-z0-9_-]+(&(PJSIP|SIP)/[A-Za-z0-9_-]+)*",
                "telephones of the PBX, as PJSIP/200 or PJSIP/200&PJSIP/201, or null",
            )
        ),
        default=None,
    )
    queue: str | None = key(
        OrNull(Text(r"[A-Za-z0-9_-]{1,64}", "a queue of the PBX, or null")), default=None
    )
    hours: Week = key(section(Week), default_factory=Week)
    """Of the people who answer there; a day that is not named: all of it."""
    ring_seconds: int = key(whole(1, 300), default=20)
    talk_seconds: int = key(whole(10, 7200), default=600)
    music: str = key(
        Text(r"[A-Za-z0-9_-]{1,64}", "a class of music on hold of the PBX"), default="default"
    )

    def __post_init__(self) -> None:
        """Also: one destination at most."""
        super().__post_init__()
        if self.dial and self.queue:
            raise RefusedError("null, because dial stands here too", "queue")


@dataclass(frozen=True)
class Machine(Checked):
    """Answering-machine detection, the arguments of AMD() (app_amd.c); it costs silence."""

    detect: bool = key(yes_or_no, default=False)
    policy: MachinePolicy = key(one_of("hang_up", "neutral", "play"), default="hang_up")
    """What a machine hears: nothing, the neutral text after the beep, or what a person does."""
    unsure: MachinePolicy = key(one_of("hang_up", "neutral", "play"), default="play")
    """The same where AMD() could not tell."""
    initial_silence_ms: int = key(whole(100, 10_000), default=2500)
    greeting_ms: int = key(whole(100, 10_000), default=1500)
    after_greeting_silence_ms: int = key(whole(100, 10_000), default=800)
    total_ms: int = key(whole(500, 20_000), default=5000)
    word_ms: int = key(whole(10, 5000), default=100)
    """Shorter is no word."""
    between_words_ms: int = key(whole(10, 5000), default=50)
    words: int = key(whole(1, 100), default=3)
    """A greeting of more is a machine's."""
    silence_threshold: int = key(whole(1, 32_767), default=256)
    """Sound below this level is silence."""
    longest_word_ms: int = key(whole(100, 20_000), default=5000)

    @property
    def amd_arguments(self) -> str:
        """What AMD() is called with; empty: it is not."""
        if not self.detect:
            return ""
        return ",".join(
            str(value)
            for value in (
                self.initial_silence_ms,
                self.greeting_ms,
                self.after_greeting_silence_ms,
                self.total_ms,
                self.word_ms,
                self.between_words_ms,
                self.words,
                self.silence_threshold,
                self.longest_word_ms,
            )
        )
