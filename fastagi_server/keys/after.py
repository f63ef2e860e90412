"""What comes after a key's action."""

from enum import Enum, auto


class After(Enum):
    """Where the conversation goes on."""

    GO_ON = auto()
    """Back to where he was."""
    GOODBYE = auto()
    """All is said."""
    TRANSFER = auto()
    """The dialplan connects him to a person."""
