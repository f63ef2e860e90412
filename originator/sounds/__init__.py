"""Makes the playable files of a prompt from its text or recording."""

from originator.sounds.build import Built, build
from originator.sounds.command import sounds_group
from originator.sounds.level import Level
from originator.sounds.prompt import Prompt, find_prompts

__all__ = ["Built", "Level", "Prompt", "build", "find_prompts", "sounds_group"]
