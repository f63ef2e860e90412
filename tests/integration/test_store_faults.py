"""The database refuses, waits or dies in the middle: StoreError, and nothing is half written."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from campaign.journal import CallEnd
from campaign.settings import DatabaseSettings
from campaign.store import RecordedEnd, Store, StoreError, open_store
from campaign.store.database import DuplicateOpenError, Transaction
from lab.waiting import wait_until
from tests.integration.conftest import NOW, RUN, Company

END = CallEnd(17, "SIP 486 Busy Here", NOW, None, None)
NOTE = "INSERT INTO overdue_attempt_note (attempt_id, noted_at, note) VALUES (%(id)s, %(at)s, 'x')"
WAITING = (
    "SELECT id FROM information_schema.PROCESSLIST"
    " WHERE command = 'Query' AND info LIKE 'UPDATE `afiliados`%%'"
)


def connection_id(transaction: Transaction) -> int:
    return int(transaction.rows_sql("SELECT CONNECTION_ID() AS id", {})[0]["id"])


def kill(company: Company, connection: int) -> None:
    """End a connection on the server and wait until it is gone."""
    company.sql("KILL %s", connection)
    gone = "SELECT 1 AS x FROM information_schema.PROCESSLIST WHERE id = %s"
    assert wait_until(lambda: not company.sql(gone, connection), 10)


def note_and_die(company: Company, store: Store, attempt_id: str, after: int) -> None:
    """One transaction: write a note, lose the connection, write so many more."""
    note = {"id": attempt_id, "at": NOW.replace(tzinfo=None)}
    with store.database.transaction() as transaction:
        transaction.run_sql(NOTE, note)
        kill(company, connection_id(transaction))
        for _ in range(after):
            transaction.run_sql(NOTE, note)


@pytest.mark.parametrize("after", [0, 1, 2])
def test_a_connection_lost_in_the_middle_runs_nothing_again(company: Company, after: int) -> None:
    """On a new connection a later statement would be committed without the first."""
    attempt_id = company.dialing("1")
    with pytest.raises(StoreError, match="failed"):
        note_and_die(company, company.store, attempt_id, after)
    assert company.notes(attempt_id) == []


def test_the_next_transaction_has_a_new_connection_with_all_its_settings(
    company: Company, database_settings: DatabaseSettings
) -> None:
    store = open_store(database_settings, connections=1, lock_wait_seconds=1)
    # MariaDB 10.11 and MySQL 9 know the isolation by different names.
    settings = (
        "SHOW VARIABLES WHERE Variable_name IN"
        " ('tx_isolation', 'transaction_isolation', 'innodb_lock_wait_timeout')"
    )
    with store.database.transaction() as transaction:
        first = connection_id(transaction)
        before = transaction.rows_sql(settings, {})
    with pytest.raises(StoreError):
        note_and_die(company, store, company.dialing("1"), after=1)
    with store.database.transaction() as transaction:
        assert connection_id(transaction) != first
        assert transaction.rows_sql(settings, {}) == before
    assert {row["Value"] for row in before} == {"READ-COMMITTED", "1"}
    store.database.close()


def test_a_connection_that_died_while_idle_is_replaced_unnoticed(company: Company) -> None:
    with company.store.database.transaction() as transaction:
        first = connection_id(transaction)
    kill(company, first)
    assert company.attempts.open() == []


def test_a_claim_whose_connection_dies_is_not_made(company: Company) -> None:
    def die(*_: object) -> None:
        (mine,) = company.sql("SELECT trx_mysql_thread_id AS id FROM information_schema.INNODB_TRX")
        kill(company, mine["id"])

    with pytest.raises(StoreError):
        company.claim(company.new_claim("1"), die)
    assert company.sql("SELECT id FROM overdue_attempt") == []
    company.claimed("1")


def test_a_locked_row_of_the_company_is_waited_for_so_long_and_no_longer(
    company: Company,
) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    company.sql("BEGIN")
    company.sql("UPDATE afiliados SET nombre = 'x' WHERE id = %s", customer)
    with pytest.raises(StoreError, match="Lock wait timeout"):
        company.store.calls.record_end(attempt_id, END)
    assert company.attempt(attempt_id)["state"] == "dialing"
    company.sql("ROLLBACK")
    assert company.store.calls.record_end(attempt_id, END) is RecordedEnd.RECORDED


def test_a_deadlock_is_a_store_error_and_leaves_nothing(company: Company) -> None:
    customer = company.customer()
    attempt_id = company.dialing(customer)
    with ThreadPoolExecutor(1) as thread:
        # We hold the customer and make our transaction the dearer one; the store holds the
        # attempt and waits for the customer; then we want the attempt.
        company.sql("BEGIN")
        company.sql("UPDATE afiliados SET nombre = 'x' WHERE id = %s", customer)
        company.sql(
            "INSERT INTO factura (`id-afiliado`)"
            " SELECT 1 FROM information_schema.COLUMNS LIMIT 1500"
        )
        recording = thread.submit(company.store.calls.record_end, attempt_id, END)
        assert wait_until(lambda: company.sql(WAITING) != [], 5)
        company.sql("UPDATE overdue_attempt SET prompt = prompt WHERE id = %s", attempt_id)
        with pytest.raises(StoreError, match="Deadlock"):
            recording.result(10)
        company.sql("ROLLBACK")
    assert company.attempt(attempt_id)["state"] == "dialing"
    assert company.billing(customer) == (0, 0, None)


def test_ends_need_one_connection_each(
    company: Company, database_settings: DatabaseSettings
) -> None:
    """As many first ends of a run at once as the pool has connections do not block each other."""
    attempts = [company.dialing(str(n), f"57300100000{n}") for n in range(4)]
    store = open_store(database_settings, connections=2, lock_wait_seconds=1)
    start = threading.Barrier(len(attempts))

    def end(attempt_id: str) -> RecordedEnd:
        start.wait(10)
        return store.calls.record_end(attempt_id, END)

    with ThreadPoolExecutor(len(attempts)) as threads:
        results = [threads.submit(end, attempt_id) for attempt_id in attempts]
        assert [r.result(10) for r in results] == [RecordedEnd.RECORDED] * len(attempts)
    store.database.close()


def test_an_unknown_run_is_refused_by_the_database(company: Company) -> None:
    claim = company.new_claim("1", run_id="0" * 26)
    with pytest.raises(StoreError, match="refused a row") as refused:
        company.claim(claim)
    assert not isinstance(refused.value, DuplicateOpenError)


def test_a_server_that_is_away_is_one_sentence(database_settings: DatabaseSettings) -> None:
    away = DatabaseSettings("127.0.0.1", 1, None, "x", "secreta", "x")
    store = open_store(away, connections=1, lock_wait_seconds=1)
    with pytest.raises(StoreError) as refused:
        store.calls.ping()
    sentence = str(refused.value)
    assert sentence.startswith("the database at 127.0.0.1:1 cannot be reached: ")
    assert "secreta" not in sentence
    assert len(sentence.splitlines()) == 1


def test_a_wrong_password_is_one_sentence(database_settings: DatabaseSettings) -> None:
    wrong = DatabaseSettings("localhost", 0, database_settings.socket, "overdue", "no", "billing")
    store = open_store(wrong, connections=1, lock_wait_seconds=1)
    with pytest.raises(StoreError, match="cannot be reached: Access denied for user 'overdue'"):
        store.calls.ping()


def test_an_abandoned_transaction_writes_nothing_and_the_next_one_does(company: Company) -> None:
    store: Store = company.store
    with store.database.transaction() as transaction:
        transaction.run("end_run", id=RUN, now=NOW.replace(tzinfo=None), reason="x")
        transaction.abandon()
    assert company.sql("SELECT ended_at FROM overdue_run WHERE ended_at IS NOT NULL") == []
    store.runs.end(RUN, "done", NOW)
    assert len(company.sql("SELECT ended_at FROM overdue_run WHERE ended_at IS NOT NULL")) == 1


def test_who_cannot_connect_again_is_told_so_each_time_until_he_can(
    company: Company, database_settings: DatabaseSettings
) -> None:
    account = "'visitor'@'localhost'"
    visitor = replace(database_settings, server="", user="visitor", password="visit")

    def be_known() -> None:
        company.sql(f"CREATE USER {account} IDENTIFIED BY 'visit'")
        company.sql(f"GRANT ALL ON {visitor.database}.* TO {account}")

    be_known()
    store = open_store(visitor, connections=1, lock_wait_seconds=1)
    with store.database.transaction() as transaction:
        first = connection_id(transaction)
    company.sql(f"DROP USER {account}")
    kill(company, first)
    for _ in range(2):
        with pytest.raises(StoreError, match="cannot be reached"):
            store.calls.ping()
    be_known()
    store.calls.ping()
    store.database.close()
    company.sql(f"DROP USER {account}")
