"""``python -m fastagi_server`` is ``fastagi-server``."""

from fastagi_server.cli import main

main()
