"""A private MariaDB for the run, reached by its socket alone, and what the store's tests share."""

import tempfile
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pymysql
import pytest
from pymysql.cursors import DictCursor

from campaign.file import Campaign
from campaign.journal import Course
from campaign.met import Met
from campaign.permission import Permission
from campaign.sections import Trunk
from campaign.selection import Refusal
from campaign.settings import DatabaseSettings
from campaign.source import Source
from campaign.store import Store, open_store
from campaign.store.attempts import Attempts
from campaign.store.claims import Check, Claim
from campaign.store.migrate import migrate
from campaign.store.trunks import Terms, Turn
from lab.database import NAME, USER, Database
from lab.mysql import MySql
from tests.running_fastagi import Running, running

PASSWORD = "clave"
ALLOWED = Permission("co-ley-2300", "2023-10-10", "open until 18:58")
NOW = datetime(2026, 11, 20, 15, 0, tzinfo=UTC)
RUN = "01RVN000000000000000000000"
TEST_RUN = "01TEST00000000000000000000"
NUMBER = "573001000000"
PROMPT_HASH = "5e" * 32
DEADLINE = NOW + timedelta(seconds=180)
UNPACED = Trunk(calls_per_second=0, max_calls=1000)
_TABLES = (
    "overdue_do_not_call",
    "overdue_event",
    "overdue_inbound_event",
    "overdue_inbound_call",
    "overdue_attempt_note",
    "overdue_attempt_number",
    "overdue_bad_number",
    "overdue_wrong_number",
    "overdue_promise",
    "overdue_cycle_customer",
    "overdue_cycle",
    "overdue_attempt",
    "overdue_run",
    "overdue_trunk",
    "overdue_campaign_day",
    "factura",
    "afiliados",
)

Row = dict[str, Any]


class FixedClock:
    """A clock that stands still."""

    def now(self) -> datetime:
        return NOW


_SERVERS: dict[str, type[Database]] = {"mariadb": Database, "mysql": MySql}


@pytest.fixture(scope="session", params=["mariadb", pytest.param("mysql", marks=pytest.mark.slow)])
def server(request: pytest.FixtureRequest) -> Iterator[Database]:
    # A path below the temporary directory of pytest can be too long for a socket.
    with tempfile.TemporaryDirectory(prefix="overdue-db-") as directory:
        server = _SERVERS[request.param](Path(directory), port=None)
        server.prepare()
        server.start()
        try:
            server.wait_ready(PASSWORD)
            yield server
        finally:
            server.stop()
            server.process.wait_ended(30)


@pytest.fixture(scope="session")
def database_settings(server: Database) -> DatabaseSettings:
    return DatabaseSettings("localhost", 0, str(server.socket), USER, PASSWORD, NAME)


@pytest.fixture
def server_socket(server: Database) -> str:
    """Where the administrator connects."""
    return str(server.socket)


@pytest.fixture
def admin(server: Database) -> Iterator["pymysql.Connection[DictCursor]"]:
    """The administrator, who sees every commit at once."""
    connection = pymysql.connect(
        unix_socket=str(server.socket),
        user="root",
        database=NAME,
        charset="utf8mb4",
        autocommit=True,
        cursorclass=DictCursor,
    )
    yield connection
    connection.close()


@pytest.fixture
def store(database_settings: DatabaseSettings) -> Iterator[Store]:
    """A store on whatever tables are there."""
    store = open_store(database_settings, connections=8, lock_wait_seconds=1)
    yield store
    store.database.close()


@pytest.fixture
def company(admin: "pymysql.Connection[DictCursor]", store: Store) -> "Company":
    """Two runs, one of them for test calls, and tables that are empty otherwise."""
    migrate(store.database, FixedClock())
    company = Company(admin, store)
    for table in _TABLES:
        company.sql(f"DELETE FROM {table}")  # noqa: S608 (our own names)
    store.runs.start(RUN, company.campaign, company.source, NOW)
    store.runs.start(TEST_RUN, company.campaign, None, NOW)
    return company


class Company:
    """The company's customers and our attempts, beside the store that is tested."""

    def __init__(self, admin: "pymysql.Connection[DictCursor]", store: Store) -> None:
        self.admin = admin
        self.store = store
        self.source = Source()
        self.campaign = Campaign(name="pruebas", source=self.source)
        self._attempts = 0
        self.at_once = False
        """Whether claims are committed as dialing, as in a run without a pace."""

    @property
    def attempts(self) -> Attempts:
        return self.store.attempts

    def sql(self, statement: str, *values: object) -> list[Row]:
        """Run anything, past the store."""
        with self.admin.cursor() as cursor:
            cursor.execute(statement, values)
            return list(cursor.fetchall())

    def customer(self, number: str = NUMBER, **columns: object) -> str:
        """Insert a customer who owes and is due; returns his id."""
        row = {"telefono": number, "corte": "15", "outbound_call": 1, **columns}
        names = ", ".join(f"`{name}`" for name in row)
        marks = ", ".join(["%s"] * len(row))
        self.sql(f"INSERT INTO afiliados ({names}) VALUES ({marks})", *row.values())  # noqa: S608
        (new,) = self.sql("SELECT LAST_INSERT_ID() AS id")
        self.sql("INSERT INTO factura (`id-afiliado`, saldo) VALUES (%s, 85000)", new["id"])
        return str(new["id"])

    def new_claim(
        self, customer_id: str, number: str = NUMBER, *more_numbers: str, **columns: str
    ) -> Claim:
        """A claim with an id of its own."""
        self._attempts += 1
        numbers = (number, *more_numbers)
        values = {
            "attempt_id": f"01J{self._attempts:023d}",
            "run_id": RUN,
            "person": number,
            "trunk": "PJSIP/voip_issabel",
            "prompt": "es_MX/morosos_natalia",
            "prompt_hash": PROMPT_HASH,
            "pbx": "127.0.0.1:5038",
            "pbx_boot": "2026-11-20 08:00:00",
        }
        return Claim(
            customer_id=customer_id,
            number=number,
            numbers=numbers,
            permission=ALLOWED,
            **(values | columns),
        )

    def claim(self, claim: Claim, check: Check = lambda *_: None) -> Refusal | None:
        """Claim as a run of this company does."""
        if not self.at_once:
            return self._claim(claim, check)
        terms = self.unpaced(claim.run_id)
        answer = self.store.trunks.claim_and_dial(
            claim, terms, self._source_of(claim), check, {}, NOW, DEADLINE
        )
        assert isinstance(answer, Refusal | Turn)
        return answer if isinstance(answer, Refusal) else None

    def _claim(self, claim: Claim, check: Check) -> Refusal | None:
        return self.attempts.claim(claim, self.campaign, self._source_of(claim), check, NOW)

    def _source_of(self, claim: Claim) -> Source | None:
        return None if claim.run_id == TEST_RUN else self.source

    def claimed(
        self, customer_id: str, number: str = NUMBER, *more_numbers: str, **columns: str
    ) -> str:
        """Claim without any check, before its turn; returns the attempt's id."""
        claim = self.new_claim(customer_id, number, *more_numbers, **columns)
        assert self._claim(claim, lambda *_: None) is None
        return claim.attempt_id

    def dialing(
        self, customer_id: str, number: str = NUMBER, *more_numbers: str, **columns: str
    ) -> str:
        """An attempt whose Originate comes next; returns its id."""
        attempt_id = self.claimed(customer_id, number, *more_numbers, **columns)
        self.dial(attempt_id)
        return attempt_id

    def dial(self, attempt_id: str) -> None:
        """Commit that its Originate comes next, without any pace."""
        answer = self.store.trunks.dial(attempt_id, self.unpaced(), {}, NOW, DEADLINE)
        assert isinstance(answer, Turn)

    def unpaced(self, run_id: str = RUN) -> Terms:
        """What a run without a pace keeps to."""
        return Terms(run_id, replace(self.campaign, trunks=(UNPACED,)))

    def meet(
        self, attempt_id: str, at: datetime = NOW, course: Course = Course.ANNOUNCEMENT
    ) -> bool:
        """The customer answers, and the leg takes this course whatever he owes."""
        return self.store.calls.meet(attempt_id, at, lambda met: replace(met, course=course))

    def has_paid(self, attempt_id: str) -> bool:
        """Whether the database says, when he answers, that the customer no longer owes."""
        met = self.met(attempt_id)
        return met is not None and met.course is Course.PAID

    def met(self, attempt_id: str) -> Met | None:
        """What the leg of a customer who answers is told; None: the attempt is unknown."""
        told: list[Met] = []

        def agree(met: Met) -> Met:
            told.append(met)
            return met

        self.store.calls.meet(attempt_id, NOW, agree)
        return told[0] if told else None

    def put(self, attempt_id: str, state: str) -> None:
        """Write a state by hand."""
        self.sql("UPDATE overdue_attempt SET state = %s WHERE id = %s", state, attempt_id)
        self.sql(
            "UPDATE overdue_attempt_number n JOIN overdue_attempt a ON a.id = n.attempt_id"
            " SET n.is_open = a.is_open WHERE a.id = %s",
            attempt_id,
        )

    def attempt(self, attempt_id: str) -> Row:
        """The attempt's row."""
        (row,) = self.sql("SELECT * FROM overdue_attempt WHERE id = %s", attempt_id)
        return row

    def billing(self, customer_id: str) -> tuple[int, int, datetime | None]:
        """The company's attempts, is_sent and completed_at of a customer."""
        (row,) = self.sql("SELECT * FROM afiliados WHERE id = %s", customer_id)
        return (
            row["outbound_call_attempts"],
            row["outbound_call_is_sent"],
            row["outbound_call_completed_at"],
        )

    def notes(self, attempt_id: str) -> list[str]:
        """What is noted of an attempt."""
        rows = self.sql(
            "SELECT note FROM overdue_attempt_note WHERE attempt_id = %s ORDER BY id", attempt_id
        )
        return [row["note"] for row in rows]


@pytest.fixture
def fastagi() -> Iterator[Running]:
    with running() as made:
        yield made
