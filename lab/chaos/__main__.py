"""``python -m lab.chaos``."""

from lab.chaos.cli import main

main()
