"""The message again."""

from fastagi_server.conversation import Conversation
from fastagi_server.keys.after import After


def act(call: Conversation) -> After:
    """From its beginning; what was heard before still counts."""
    call.message.rewind()
    return After.GO_ON
