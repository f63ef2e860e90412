"""The addresses of the lab, and whether they are free."""

import errno
import socket
from dataclasses import dataclass

from lab.errors import LabError


@dataclass(frozen=True)
class Port:
    """One address that a program of the lab listens on."""

    host: str
    number: int
    kind: socket.SocketKind
    purpose: str

    def __str__(self) -> str:
        """As ``127.0.0.1:5060/udp``."""
        protocol = "udp" if self.kind is socket.SOCK_DGRAM else "tcp"
        return f"{self.host}:{self.number}/{protocol}"

    def check_free(self) -> None:
        """Raise LabError when another program has it."""
        with socket.socket(socket.AF_INET, self.kind) as probe:
            if self.kind is socket.SOCK_STREAM:
                # A connection that closed a moment ago does not count as a listener.
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((self.host, self.number))
            except OSError as error:
                raise LabError(self._refusal(error)) from error

    def _refusal(self, error: OSError) -> str:
        if error.errno == errno.EADDRINUSE:
            return (
                f"The port {self} ({self.purpose}) is in use by another program: "
                f"end that program (ss -lpntu 'sport = :{self.number}' names it) and try again."
            )
        return f"The port {self} ({self.purpose}) cannot be used: {error.strerror}."


PBX_SIP = Port("127.0.0.1", 5060, socket.SOCK_DGRAM, "SIP of the PBX")
PBX_AMI = Port("127.0.0.1", 5038, socket.SOCK_STREAM, "AMI of the PBX")
CARRIER_SIP = Port("127.0.0.2", 5060, socket.SOCK_DGRAM, "SIP of the carrier")
CARRIER_STANDBY_SIP = Port(
    "127.0.0.2", 5062, socket.SOCK_DGRAM, "SIP of the carrier's second trunk"
)
AGENT_SIP = Port("127.0.0.2", 5064, socket.SOCK_DGRAM, "SIP of the company's agent")
FASTAGI = Port("127.0.0.1", 4573, socket.SOCK_STREAM, "FastAGI server")
DATABASE = Port("127.0.0.1", 3307, socket.SOCK_STREAM, "database")
