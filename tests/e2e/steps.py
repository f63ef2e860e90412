"""What customers do step by step on a call, and whether the carrier heard what our events say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from lab.audio import RATE, Samples, read
from lab.calls import CarrierCall
from lab.listening import not_heard_in_order
from tests.e2e.scene import Row, Scene


@dataclass(frozen=True)
class Steps:
    """What one customer does, and what must come of it."""

    does: tuple[str, ...]
    outcome: str
    parts: tuple[tuple[str, float], ...]
    """Each sound, and for how many seconds."""
    keys: str = ""
    goes_on_at: float = 0
    """The second of its sound at which the last part begins."""


class StepsRun:
    """One run that calls a customer for each of the steps, all at once."""

    def __init__(self, scene: Scene, table: Mapping[str, Steps], **changes: Any) -> None:
        self.scene = scene
        self.numbers = dict(zip(table, scene.customers(*("89" for _ in table)), strict=True))
        for name, steps in table.items():
            scene.lab.carrier.customer_does(self.numbers[name], *steps.does)
        self.run = scene.start_run(timing={"call_seconds": 60}, **changes)

    def call(self, name: str) -> CarrierCall:
        """The carrier's only call."""
        (call,) = [one for one in self.scene.calls() if one.number == self.numbers[name]]
        return call

    def outcomes(self) -> dict[str, str]:
        """By the name of the steps."""
        by_number = self.scene.outcomes()
        return {name: by_number[number] for name, number in self.numbers.items()}

    def do_not_call(self) -> set[str]:
        """The names of the steps whose numbers are on the list."""
        rows = self.scene.rows("SELECT number FROM overdue_do_not_call WHERE removed_at IS NULL")
        listed = {row["number"] for row in rows}
        return {name for name, number in self.numbers.items() if f"57{number}" in listed}

    def events(self, name: str) -> list[Row]:
        """In their order."""
        return self.scene.rows(
            "SELECT kind, detail, at_seconds FROM overdue_event e"
            " JOIN overdue_attempt a ON a.id = e.attempt_id WHERE a.number = %s ORDER BY place",
            f"57{self.numbers[name]}",
        )

    def assert_went(self, name: str, steps: Steps) -> None:
        """The outcome, the keys, the parts, and that the carrier heard those parts and no more."""
        assert self.outcomes()[name] == steps.outcome
        events = self.events(name)
        assert "".join(row["detail"] for row in events if row["kind"] == "key") == steps.keys
        parts = [row["detail"].split("=") for row in events if row["kind"] == "part"]
        assert [sound for sound, _ in parts] == [sound for sound, _ in steps.parts]
        assert [float(seconds) for _, seconds in parts] == pytest.approx(
            [seconds for _, seconds in steps.parts], abs=0.5
        )
        begins = [0.0] * (len(parts) - 1) + [steps.goes_on_at]
        self._assert_heard(
            name,
            [
                self._said(sound, begin, float(seconds))
                for (sound, seconds), begin in zip(parts, begins, strict=True)
            ],
        )

    def _assert_heard(self, name: str, parts: list[Samples]) -> None:
        recording = self.scene.lab.carrier.recording(self.call(name))
        assert recording is not None
        assert (name, list(not_heard_in_order(read(recording), parts))) == (name, [])

    def _said(self, sound: str, begin: float, seconds: float) -> Samples:
        file = self.scene.lab.state / "sounds" / f"{sound}.ulaw"
        return read(file)[int(begin * RATE) : int((begin + seconds) * RATE)]
