"""A plan reads what is recorded by one walk, and its verdicts are those of a look-up for each."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest

from campaign.eligibility import Candidate, Debtor
from campaign.phone import Number
from campaign.sections import Retry
from campaign.selection import Refusal, due, judge
from campaign.store import nearness
from campaign.store.census import census
from campaign.store.histories import read_history
from campaign.store.nearness import Histories, walk
from campaign.store.ranking import ranking
from tests.integration.conftest import NOW, NUMBER, TEST_RUN, Company

MANY = 150
NUMBERS = [f"57300{n:07d}" for n in range(1, 150)]
OUTCOMES = [*[("busy", "person")] * 6, ("delivered", "person"), ("congestion", "network")]
RULES = [
    Retry(),
    Retry(attempts_per_cycle=2),
    Retry(attempts_per_cycle=3, attempts_in_all=5),
    Retry(attempts_in_all=1),
    Retry(attempts_in_all=100_000),
]


def debtor(person: str, *numbers: str) -> Debtor:
    found = tuple(map(Number, numbers))
    return Debtor("1", found, person, 1, NOW.date())  # type: ignore[arg-type]


def attempts(company: Company, calls: Sequence[tuple[Sequence[str], datetime, str, str]]) -> None:
    """Ended ones: the numbers, of which the first names the person, when, outcome and its class."""
    rows, numbers_of = [], []
    for place, (numbers, at, outcome, whose) in enumerate(calls):
        attempt_id, ended = f"01NEAR{place:020d}", at + timedelta(seconds=30)
        rows.append(
            (attempt_id, TEST_RUN, NUMBER, numbers[0], outcome, whose, at, at, ended, ended)
        )
        numbers_of += [(attempt_id, number, at) for number in numbers if number.isdigit()]
    with company.admin.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO overdue_attempt (id, run_id, source, customer_id, number, person, state,"
            " outcome, outcome_class, trunk, prompt, pbx, pbx_boot, claimed_at, dialing_at,"
            " ended_at, closed_at) VALUES (%s, %s, 'afiliados', '1', %s, %s, 'ended', %s, %s, '-',"
            " '-', '-', '-', %s, %s, %s, %s)",
            rows,
        )
        cursor.executemany(
            "INSERT INTO overdue_attempt_number VALUES (%s, %s, %s, NULL)", numbers_of
        )


@pytest.fixture
def recorded(company: Company) -> Company:
    """Customers with several numbers, shared ones among them, and calls of two months."""
    random = Random(7)  # noqa: S311 (no secret)
    phones = [random.sample(NUMBERS, random.choice([1, 1, 1, 2, 3])) for _ in range(MANY)]
    with company.admin.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO afiliados (telefono, corte, outbound_call) VALUES (%s, '15', 1)",
            [(" / ".join(numbers),) for numbers in phones],
        )
    company.sql("INSERT INTO factura (`id-afiliado`, saldo) SELECT id, 1000 FROM afiliados")
    calls = []
    for _ in range(MANY):
        numbers = random.sample(NUMBERS, random.choice([1, 1, 2]))
        hours = random.choice([random.randrange(1, 72), random.randrange(72, 60 * 24)])
        calls.append((numbers, NOW - timedelta(hours=hours), *random.choice(OUTCOMES)))
    attempts(company, calls)
    for number in random.sample(NUMBERS, 5):
        company.sql("INSERT INTO overdue_bad_number VALUES (%s, 'changed', 'a', %s)", number, NOW)
    for number in random.sample(NUMBERS, 5):
        company.sql(
            "INSERT INTO overdue_do_not_call (number, purpose, source, added_at)"
            " VALUES (%s, 'all', 's', %s)", number, NOW,
        )  # fmt: skip
    for place, number in enumerate(random.sample(NUMBERS, 5)):
        company.sql(
            "INSERT INTO overdue_promise (attempt_id, run_id, source, customer_id, person, amount,"
            " made_on, promised_day, calls_from)"
            " VALUES (%s, %s, 'afiliados', '1', %s, 1, %s, %s, %s)",
            f"a{place}", TEST_RUN, number, NOW.date(), NOW.date(), NOW + timedelta(days=1),
        )  # fmt: skip
    company.sql(
        "INSERT INTO overdue_wrong_number SELECT %s, 'afiliados', MAX(id), 'a', %s FROM afiliados",
        NUMBERS[0], NOW,
    )  # fmt: skip
    return company


def verdicts(company: Company, histories: Histories | None) -> list[Candidate | Refusal]:
    """On everybody; without ``histories`` each customer is looked up by himself."""
    campaign, database = company.campaign, company.store.database
    groups = list(census(database, company.source))
    found: list[Candidate | Refusal] = []
    for rows in ranking(database, campaign, [[groups]], NOW.date()):
        judged = [due(row, campaign, NOW) for row in rows]
        debtors = [each for each in judged if isinstance(each, Debtor)]
        if histories is not None:
            history = histories.of(debtors)
        for each in judged:
            if histories is None and isinstance(each, Debtor):
                with database.transaction() as transaction:
                    numbers = {number.digits for number in each.numbers}
                    history = read_history(transaction, {each.person}, numbers, campaign, NOW)
            found.append(judge(each, history, campaign, NOW) if isinstance(each, Debtor) else each)
    return found


@pytest.mark.parametrize("rules", RULES, ids=lambda rules: repr(rules.attempts_in_all))
def test_verdicts_after_a_walk_are_those_of_a_look_up_for_each(
    recorded: Company, rules: Retry, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(nearness, "PAGES_LOOKED_UP", 0)
    recorded.campaign = replace(recorded.campaign, retry=rules)
    exact = verdicts(recorded, None)
    assert len({verdict.reason for verdict in exact if isinstance(verdict, Refusal)}) > 2
    assert any(isinstance(verdict, Candidate) for verdict in exact)
    histories = Histories(recorded.store.database, recorded.campaign, NOW)
    assert verdicts(recorded, histories) == exact


def test_the_first_pages_are_looked_up_and_the_others_after_a_walk(
    recorded: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    walks = []
    monkeypatch.setattr(nearness, "walk", lambda *_: walks.append(1) or nearness.Nearness())
    histories = Histories(recorded.store.database, recorded.campaign, NOW)
    for page in range(1, nearness.PAGES_LOOKED_UP + 3):
        histories.of([debtor(NUMBERS[0], NUMBERS[0])])
        assert len(walks) == (page > nearness.PAGES_LOOKED_UP)


def test_who_was_called_long_ago_and_seldom_is_not_looked_up(company: Company) -> None:
    one, two, three, four, five = NUMBERS[:5]
    called = ((one, 2, 5), (two, 6, 5), (three, 1, 1), (four, 6, 50))
    attempts(
        company,
        [
            ([number], NOW - timedelta(days=ago), "busy", "person")
            for number, times, ago in called
            for _ in range(times)
        ],
    )
    near = walk(company.store.database, company.campaign, NOW)
    told = {each: near.is_near(debtor(each, each)) for each in (one, two, three, four, five)}
    assert told == {one: False, two: True, three: True, four: False, five: False}
    assert near.is_near(debtor("1023456", five, two, four))
    assert not near.is_near(debtor("1023456", five, one, four))


def test_a_person_whom_the_server_may_take_for_another_makes_everybody_be_looked_up(
    company: Company,
) -> None:
    """The collation takes PEÑA and PENA for one, and tells only one of them."""
    before = walk(company.store.database, company.campaign, NOW)
    assert not before.is_near(debtor("PENA", NUMBERS[0]))
    assert before.is_near(debtor("PEÑA", NUMBERS[0]))
    attempts(company, [(["PEÑA", NUMBERS[1]], NOW - timedelta(days=1), "busy", "person")])
    after = walk(company.store.database, company.campaign, NOW)
    assert after.is_near(debtor("PENA", NUMBERS[0]))
