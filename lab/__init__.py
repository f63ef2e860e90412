"""A real PBX, a real carrier behind a SIP trunk and a real database on this machine."""

from lab.errors import LabError
from lab.lab import Lab

__all__ = ["Lab", "LabError"]
