"""How fast the whole system is, beside the same calls without it (``script/bench``)."""
