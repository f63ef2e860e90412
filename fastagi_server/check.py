"""Ask a running server for its health, as Asterisk would."""

import re
import socket

from campaign.channel_variables import AGI_HEALTH, HEALTH
from campaign.errors import OverdueError

OK = "ok"


class UnreachableError(OverdueError):
    """Nobody answers AGI there."""


def health(host: str, port: int, seconds: float) -> str:
    """``ok``, or what the server says is missing; raises UnreachableError.

    ``seconds``: for each step.
    """
    try:
        with socket.create_connection((host, port), seconds) as connection:
            connection.sendall(f"agi_network_script: {AGI_HEALTH}\n\n".encode())
            with connection.makefile("rb") as lines:
                command = lines.readline(4096).decode("utf-8", "replace")
            connection.sendall(b"200 result=1\n")
    except OSError as error:
        raise UnreachableError(
            f"The FastAGI server at {host}:{port} does not answer ({error}); start it with"
            " `fastagi-server serve`, or give its address with --host and --port."
        ) from error
    found = re.fullmatch(rf'SET VARIABLE "{HEALTH}" "(\w+)"\n', command)
    if found is None:
        raise UnreachableError(f"What listens at {host}:{port} is not our FastAGI server.")
    return found[1]
