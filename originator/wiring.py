"""Opens what a command needs: settings from the environment, the store, the PBX."""

import os

from campaign.settings import AmiSettings, DatabaseSettings, all_settings, database_settings
from campaign.store import Store, open_store

CONNECTIONS = 8
LOCK_WAIT_SECONDS = 5


def store_alone() -> Store:
    """The store, from the MYSQL_* variables."""
    return _open(database_settings(os.environ))


def store_and_ami() -> tuple[Store, AmiSettings, str]:
    """The store, the way to the PBX and the secret of the tokens.

    Raises SettingsError, which names every variable that is missing.
    """
    database, ami, secret = all_settings(os.environ)
    return _open(database), ami, secret


def _open(settings: DatabaseSettings) -> Store:
    return open_store(settings, connections=CONNECTIONS, lock_wait_seconds=LOCK_WAIT_SECONDS)
