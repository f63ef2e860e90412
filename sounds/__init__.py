"""Prompts: their texts and sources; ``originator sounds build`` makes the playable files."""
