"""Asks the database, one question after the other; what fails does not hide the rest."""

from collections.abc import Iterator, Mapping

from campaign.clock import Clock
from campaign.errors import OverdueError
from campaign.file import Campaign
from campaign.settings import DatabaseSettings, SettingsError, database_settings
from campaign.store import Store, customers, open_store
from campaign.store.grants import Account, grants
from campaign.store.identity import identity
from campaign.store.migrate import pending
from originator.doctor.clocks import clocks
from originator.doctor.finding import NO_CAMPAIGN, Finding, Words, not_checked, ok, refused, wrong
from originator.doctor.last_run import last_run
from originator.doctor.rights import rights
from originator.doctor.tables import tables
from originator.gate import off_by

_AFTER = ("tables", "company's tables", "grants", "clock", "last run")
"""What cannot be known without a database."""


def look_at_database(
    environment: Mapping[str, str], campaign: Campaign | None, clock: Clock
) -> Iterator[Finding]:
    """``campaign``: None: what depends on one is not checked."""
    try:
        settings = database_settings(environment)
    except SettingsError as error:
        yield refused("database", error)
        yield from _unknown()
        return
    store = open_store(settings, connections=1, lock_wait_seconds=5)
    try:
        yield from _look(store, settings, campaign, clock)
    finally:
        store.database.close()


def _look(
    store: Store, settings: DatabaseSettings, campaign: Campaign | None, clock: Clock
) -> Iterator[Finding]:
    try:
        me = identity(store.database)
    except OverdueError as error:
        yield wrong(
            "database",
            Words(str(error), str(error)),
            Words(
                "start it, and compare the variables MYSQL_* with its address and account",
                "iníciela, y compare las variables MYSQL_* con su dirección y su cuenta",
            ),
        )
        yield from _unknown()
        return
    yield ok(
        "database",
        f"{settings.database} on {me.version}, as {me.account}",
        f"{settings.database} en {me.version}, como {me.account}",
    )
    try:
        yield tables(pending(store.database))
    except OverdueError as error:
        yield refused("tables", error)
    yield _company(store, campaign)
    if campaign:
        user, _, host = me.account.rpartition("@")
        account = Account(user, host)
        wanted = grants("application", account, settings.database, [campaign.source])
        yield from rights(me.account, wanted, me.grants)
    else:
        yield not_checked("grants", NO_CAMPAIGN)
    try:
        asked_at = clock.now()
        yield clocks(off_by(asked_at, store.runs.database_time(), clock.now()))
        if campaign:
            yield last_run(campaign.name, store.reports.latest_run_of(campaign.name))
    except OverdueError as error:
        yield refused("last run", error)


def _company(store: Store, campaign: Campaign | None) -> Finding:
    check = "company's tables"
    if campaign is None:
        return not_checked(check, NO_CAMPAIGN)
    try:
        customers.probe(store.database, campaign.source)
    except OverdueError as error:
        return wrong(
            check,
            Words(str(error), str(error)),
            Words(
                "compare the campaign's `source` with the tables, and see the line `grants`",
                "compare el `source` de la campaña con las tablas, y vea la línea `grants`",
            ),
        )
    names = f"{campaign.source.customers}, {campaign.source.invoices}"
    return ok(
        check,
        f"{names}: read and written as the campaign's `source` says",
        f"{names}: se leen y escriben como dice el `source` de la campaña",
    )


def _unknown() -> Iterator[Finding]:
    for check in _AFTER:
        yield not_checked(
            check, Words("the database does not answer", "la base de datos no responde")
        )
