"""What a person can mend when the lab does not come up."""

from campaign.errors import OverdueError


class LabError(OverdueError):
    """The lab cannot do what was asked; its text is one sentence that names the thing to mend."""
