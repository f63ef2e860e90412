"""The carrier: the far end of the trunk, with a behaviour for each number and its own record."""

from pathlib import Path

from lab.asterisk import Asterisk
from lab.calls import COLUMNS, CarrierCall, read_calls
from lab.ports import Port
from lab.speech import speak_carrier_sounds


class Carrier(Asterisk):
    """Asterisk on 127.0.0.2; ``etc/carrier/extensions.conf`` is its table of behaviours."""

    def __init__(self, state: Path, tree: Path) -> None:
        """``state``: the directory of the lab; ``tree``: the Debian tree."""
        super().__init__("carrier", state, tree)
        self.record = self.directory / "calls.csv"
        self.recordings = self.directory / "recordings"

    def configure(self) -> None:
        """Write its configuration and its announcements; the record stays."""
        self.prepare()
        speak_carrier_sounds(self.directory / "data" / "sounds" / "lab")
        self.recordings.mkdir(exist_ok=True)
        if not self.record.exists():
            self.reset()

    def calls(self) -> list[CarrierCall]:
        """Every call that has ended since the last ``reset``."""
        with self.record.open(newline="", errors="replace") as lines:
            return read_calls(lines)

    def recording(self, call: CarrierCall) -> Path | None:
        """What the carrier heard on a call (8 kHz wav); None when it was not recorded."""
        return self.recordings / call.recording if call.recording else None

    def reset(self) -> None:
        """Forget all calls and recordings; no call may be up."""
        for file in self.recordings.glob("*.wav"):
            file.unlink()
        self.record.write_text(",".join(COLUMNS) + "\n")

    def record_audio(self, on: bool) -> None:
        """Record what the carrier hears, or not; until the next start, which records."""
        self.cli(f"dialplan set global LAB_RECORD {'yes' if on else 'no'}")

    def customer_does(self, number: str, *steps: str) -> None:
        """With a call to a number that ends in 89; the steps stand in ``etc/carrier``."""
        self.cli(f"dialplan set global LAB_STEPS_{number} {'&'.join(steps)}")
        self.cli(f"dialplan set global LAB_THERE_{number} no")

    def is_there(self, number: str) -> bool:
        """Whether its customer has come to the step ``there``."""
        return f"LAB_THERE_{number}=yes" in self.cli("dialplan show globals")

    def rings_company(self, number: str, key: str = "s") -> None:
        """A customer who shows this number rings the company, and presses the key every 3 s."""
        self.cli(f"channel originate Local/{number}@shows-number/n extension {key}@rings-company")

    @property
    def heard_by_agent(self) -> Path:
        """What the company's agent heard on his latest call (8 kHz wav)."""
        return self.recordings / "agent.wav"

    def agent_does(self, what: str) -> None:
        """With every new call: ``answers``, ``hangs-up`` after 3 s, ``busy``, or ``rings``."""
        self.cli(f"dialplan set global LAB_AGENT {what}")

    def trunk_does(self, port: Port, what: str) -> None:
        """With every new call: what the ``number`` says, ``silent``, or refuse with a SIP code."""
        self.cli(f"dialplan set global LAB_TRUNK_{port.number} {what}")
