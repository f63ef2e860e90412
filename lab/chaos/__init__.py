"""Faults on the real parts of the lab, and a judge of what came of the calls."""
