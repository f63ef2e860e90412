"""What comes after a key has done its work."""

from enum import Enum


class After(Enum):
    """Where the flow goes on."""

    GO_ON = "go_on"
    """Where it was interrupted."""
    GOODBYE = "goodbye"
    """Nowhere: all is said."""
    TRANSFER = "transfer"
    """To a person; the dialplan connects them."""
