"""Personal data and foreign text made fit for a log line (Ley 1581 de 2012)."""

import re


def mask_number(digits: str) -> str:
    """``573001234567`` as ``57300***4567``; what is not bare digits shows nothing of itself."""
    if not re.fullmatch(r"[0-9]{10,15}", digits):
        return "***"
    return f"{digits[:-7]}***{digits[-4:]}"


def mask_long_numbers(text: str) -> str:
    """Foreign text with every number in it masked that is long enough for a telephone."""
    return re.sub(r"[0-9]{7,}", lambda found: mask_number(found[0]), text)


def safe(text: str, limit: int = 80) -> str:
    """``text`` on one line, without control or invisible characters, cut to ``limit``."""
    cut = "…" if len(text) > limit else ""
    return "".join(map(_visible, text[:limit])) + cut


def _visible(character: str) -> str:
    if character.isprintable() and character != "\\":
        return character
    return character.encode("unicode_escape").decode("ascii")
