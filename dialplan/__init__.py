"""The files that go to the PBX as they are; read them with ``importlib.resources``."""
