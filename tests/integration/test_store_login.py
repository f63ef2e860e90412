"""How the programs log in to a MySQL that is reached over the network."""

import socket
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from pymysql import _auth

from campaign.settings import DatabaseSettings
from campaign.store import StoreError, grants
from campaign.store.database import Database
from lab.database import NAME, USER
from lab.mysql import MySql
from lab.ports import Port
from tests.integration.conftest import PASSWORD

pytestmark = pytest.mark.slow


class WithoutTls(MySql):
    """A server whose administrator turned TLS off."""

    def _server(self) -> list[str]:
        return [*super()._server(), "--tls-version="]


@pytest.fixture
def without_tls() -> Iterator[DatabaseSettings]:
    """Nobody has logged in since it started, so it has no password in its cache."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        number = free.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="overdue-db-") as directory:
        server = WithoutTls(
            Path(directory), Port("127.0.0.1", number, socket.SOCK_STREAM, "database")
        )
        server.prepare()
        server.start()
        try:
            server.wait_ready(PASSWORD)
            yield DatabaseSettings("127.0.0.1", number, "", USER, PASSWORD, NAME)
        finally:
            server.stop()
            server.process.wait_ended(30)


def test_a_server_without_tls_and_no_package_to_encrypt_with_are_one_sentence(
    without_tls: DatabaseSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The installed program does not bring `cryptography`; the tools of the tests do."""
    monkeypatch.setattr(_auth, "_have_cryptography", False)
    sentence = f"{without_tls.port} wants the password of {USER} .* let the server offer TLS, or"
    database = Database(without_tls, connections=1, lock_wait_seconds=1)
    with pytest.raises(StoreError, match=sentence), database.transaction():
        pass
    with pytest.raises(StoreError, match=sentence):
        next(database.stream("SELECT 1", {}))
    account = grants.Account(USER, "127.0.0.1")
    with pytest.raises(StoreError, match=sentence):
        grants.pending(without_tls, account, PASSWORD, [])
    monkeypatch.undo()
    with database.transaction() as transaction:
        assert transaction.rows_sql("SELECT 1 AS x", {}) == [{"x": 1}]
    database.close()
