"""One module per command of ``originator``."""
