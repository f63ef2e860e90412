"""The token that a report of a call must carry: only who knows the secret can make it.

AGI has no password, so anybody on the PBX's host can speak it to the FastAGI server; what he says
of an attempt changes nothing without the token that the originator put on the channel
(docs/decisions/tokens.md).
"""

import hashlib
import hmac
import re

TOKEN = re.compile(r"[0-9a-f]{32}")


def token(secret: str, attempt_id: str) -> str:
    """HMAC-SHA256 over the attempt id, its first 128 bits in hex: short enough for the journal."""
    return hmac.new(secret.encode(), attempt_id.encode(), hashlib.sha256).hexdigest()[:32]


def is_genuine(secret: str, attempt_id: str, given: str) -> bool:
    """Whether ``given`` is the attempt's token, in a time that tells nothing of it."""
    # compare_digest refuses text that is not ASCII; what comes from outside can be anything.
    wanted = token(secret, attempt_id).encode()
    return hmac.compare_digest(wanted, given.encode("utf-8", "backslashreplace"))
