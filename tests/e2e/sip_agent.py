"""SIPp in the carrier's place, for what no Asterisk would do."""

import re
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from lab import Lab
from lab.ports import CARRIER_SIP

SCENARIOS = Path(__file__).parent / "sipp"


class SipAgent:
    """A scenario that runs on the carrier's address."""

    def __init__(self, messages: Path) -> None:
        self._messages = messages

    def received(self, method: str) -> list[str]:
        """The Call-IDs of the requests received, each once however often it was sent."""
        if not self._messages.exists():
            return []
        text = self._messages.read_text(errors="replace")
        found = re.findall(rf"received \[.*?\n\n{method} sip:.*?\nCall-ID: *(\S+)", text, re.DOTALL)
        return list(dict.fromkeys(found))


@contextmanager
def sip_agent(lab: Lab, scenario: str, directory: Path) -> Iterator[SipAgent]:
    """Put SIPp in the carrier's place; afterwards the carrier is back."""
    messages = directory / "sipp.messages"
    stop_carrier(lab)
    with (directory / "sipp.out").open("wb") as output:
        process = subprocess.Popen(
            [
                *("sipp", "-sf", str(SCENARIOS / f"{scenario}.xml")),
                *("-i", CARRIER_SIP.host, "-p", str(CARRIER_SIP.number)),
                *("-mi", CARRIER_SIP.host, "-nostdin"),
                *("-trace_msg", "-message_file", str(messages)),
            ],
            cwd=directory,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        lab.pbx.wait_trunk()
        yield SipAgent(messages)
    finally:
        process.kill()
        process.wait()
        start_carrier(lab)


def stop_carrier(lab: Lab) -> None:
    """End the carrier, so that its address is free."""
    lab.carrier.process.signal(signal.SIGTERM)
    lab.carrier.process.wait_ended()


def start_carrier(lab: Lab) -> None:
    """Start it again, and wait until the trunk reaches it."""
    lab.carrier.start()
    lab.carrier.wait_booted()
    lab.pbx.wait_trunk()
