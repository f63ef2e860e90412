"""The one root of the errors that an operator is meant to read."""


class OverdueError(Exception):
    """Something an operator can mend; its text is one sentence that says how."""


class CampaignError(OverdueError):
    """The campaign file cannot be used; names file, line, key and what is allowed."""
