"""For any rows, any history and any clock: no verdict breaks a rule, and nobody is forgotten.

The rules stand here once more, written down from the law and the campaign file in the plainest
way, without a line of the code that is tested.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given, settings
from hypothesis import strategies as st

from campaign.cycle import cycle_at
from campaign.eligibility import Candidate, CustomerRow, Debtor
from campaign.file import Campaign
from campaign.history import BadMark, History, RecordedAttempt, SpentAttempts
from campaign.outcome import Outcome
from campaign.reason import Reason
from campaign.sections import After, Retry
from campaign.selection import Refusal, due, judge, still_callable
from campaign.why import explain

EXAMPLES = 120
BOGOTA = ZoneInfo("America/Bogota")
NUMBERS = [f"57300{n}123456" for n in range(1, 4)]
HEARD = {
    *("delivered", "hung_up_early", "paid_meanwhile", "not_confirmed", "machine", "wrong_person"),
    *("opted_out", "promised", "transferred"),
}
PERSON_OUTCOMES = HEARD | {"busy", "no_answer", "declined"}
ANSWERED = HEARD | {"destination_refused"}
PERHAPS_REACHED = {"lost", "unknown"}
BAD_NUMBER = {"does_not_exist", "changed", "bad_format"}
FAILED = (
    {str(outcome) for outcome in Outcome}
    - PERSON_OUTCOMES
    - ANSWERED
    - PERHAPS_REACHED
    - BAD_NUMBER
)
"""He waits as long as the trunk: one minute, and twice as long each time, up to ten."""


@dataclass(frozen=True)
class Call:
    """One earlier call, as the test's own record has it."""

    person: str
    numbers: tuple[str, ...]
    outcome: str | None
    at: datetime


moments = st.integers(1_704_067_200, 1_924_991_999).map(lambda t: datetime.fromtimestamp(t, UTC))
"""From 2024 to 2030."""


@st.composite
def campaigns(draw: st.DrawFn) -> Campaign:
    """Often with one strict rule alone: where all are strict, no single one ever decides."""
    pause = st.sampled_from([1.0, 60.0, 180.0, "next_day"])
    strict: dict[str, st.SearchStrategy[object]] = {
        "contact": st.just("attempted"),
        "attempts_per_day": st.sampled_from([1, 2]),
        "attempts_per_cycle": st.sampled_from([1, 2, 3]),
        "attempts_in_all": st.sampled_from([1, 2, 3]),
        "spacing_minutes": st.sampled_from([1.0, 60.0]),
        "after": st.builds(After, pause, pause, pause),
    }
    names = draw(st.sampled_from([[name] for name in strict] * 2 + [[], list(strict)]))
    rules: dict[str, object] = {
        "attempts_per_day": 20,
        "attempts_per_cycle": 1000,
        "spacing_minutes": 0.0,
        "after": After(0, 0, 0),
    } | {name: draw(strict[name]) for name in names}
    contact = rules.pop("contact", "answered")
    return Campaign(name="pruebas", contact=contact, retry=Retry(**rules))  # type: ignore[arg-type]


@st.composite
def rows(draw: st.DrawFn) -> CustomerRow:
    """Due; now and then something is wrong, so that most are judged by their history."""
    good: dict[str, object] = {
        "customer_id": "7",
        "phones": tuple(draw(st.lists(st.sampled_from([*NUMBERS, "601"]), min_size=1, max_size=3))),
        "cut_day": draw(st.sampled_from([1, 1, 1, "1", b"1", 31])),
        "flag": draw(st.sampled_from([1, "1"])),
        "sent": draw(st.sampled_from([0, b"\x00"])),
        "debt": Decimal(1),
        "person": draw(st.sampled_from(["A", "A", "A", "B", None])),
    }
    wrong = {"phones": ("0",), "cut_day": "x", "flag": None, "sent": 1, "debt": None}
    name = draw(st.sampled_from([*[None] * 25, *wrong]))
    return CustomerRow(**(good if name is None else good | {name: wrong[name]}))  # type: ignore[arg-type]


OFTEN = ["busy", "no_answer", "declined"]


@st.composite
def worlds(draw: st.DrawFn) -> tuple[Campaign, datetime, list[Call], set[str]]:
    """A campaign, a clock, earlier calls around it, and the numbers that are marked bad."""
    now = draw(moments)
    ago = st.sampled_from(
        [-90, 0, 0.5, 1, 3, 7, 30, 59, 60, 120, 200, 600, 1000, 1500, 4000, 30_000, 60_000]
    )
    calls = st.builds(
        lambda person, numbers, outcome, past: Call(
            person, tuple(numbers), outcome, now - timedelta(minutes=past)
        ),
        st.sampled_from(["A", "A", "B"]),
        st.lists(st.sampled_from(NUMBERS), min_size=1, max_size=2, unique=True),
        st.sampled_from([*OFTEN * 10, *sorted(FAILED) * 2, *map(str, Outcome), None]),
        ago,
    )
    marked = draw(st.sets(st.sampled_from(NUMBERS), max_size=2))
    return draw(campaigns()), now, draw(st.lists(calls, min_size=1, max_size=4)), marked


def history_of(
    calls: Sequence[Call], marked: set[str], campaign: Campaign, now: datetime
) -> History:
    """As the store reads it: the attempts of some days, and counts of the rest."""
    cycle = cycle_at(now, campaign.time_zone, None)
    recent = [
        RecordedAttempt(c.person, frozenset(c.numbers), c.outcome and Outcome(c.outcome), c.at)  # type: ignore[arg-type]
        for c in calls
        if c.at >= now - timedelta(days=3)
    ]
    spent = Counter(
        (c.person, frozenset(c.numbers), c.at >= cycle.since)
        for c in calls
        if c.outcome in PERSON_OUTCOMES
    )
    counts = [
        SpentAttempts(person, numbers, count if in_cycle else 0, count)
        for (person, numbers, in_cycle), count in spent.items()
    ]
    return History(cycle, recent, counts, {n: BadMark(Outcome.CHANGED, now) for n in marked})


def local_day(moment: datetime) -> object:
    return moment.astimezone(BOGOTA).date()


def broken_rules(
    one: Candidate, calls: Sequence[Call], marked: set[str], campaign: Campaign, now: datetime
) -> list[str]:
    """Every rule that a call to him now would break."""
    own = {number.digits for number in one.numbers}
    his = [call for call in calls if call.person == one.person or own & set(call.numbers)]
    today = [call for call in his if local_day(call.at) >= local_day(now)]  # type: ignore[operator]
    month = now.astimezone(BOGOTA).strftime("%Y-%m")
    spent = [call for call in his if call.outcome in PERSON_OUTCOMES]
    rules = campaign.retry
    after = {name: getattr(rules.after, name) for name in ("busy", "no_answer", "declined")}
    broken = []
    if one.number.digits in marked:
        broken.append("the number is bad")
    if any(n.digits not in marked for n in one.numbers[: one.numbers.index(one.number)]):
        broken.append("an earlier number is good")
    if any(call.outcome is None and call.at > now - timedelta(days=3) for call in his):
        broken.append("a call is under way")
    if any(call.outcome in ANSWERED | PERHAPS_REACHED for call in today):
        broken.append("he was reached today, or may have been")
    if [call.outcome for call in today].count("trunk_refused") >= 3:
        broken.append("the trunk refused him three times today")
    if campaign.contact == "attempted" and any(c.outcome in PERSON_OUTCOMES for c in today):
        broken.append("he was called today")
    if any(after.get(str(call.outcome)) == "next_day" for call in today):
        broken.append("the outcome of today's call waits for tomorrow")
    if len([call for call in today if call in spent]) >= rules.attempts_per_day:
        broken.append("the day's attempts are spent")
    since = f"{month}-01"
    in_cycle = [c for c in spent if f"{c.at.astimezone(BOGOTA):%Y-%m-%d}" >= since]
    if len(in_cycle) >= rules.attempts_per_cycle:
        broken.append("the cycle's attempts are spent")
    if rules.attempts_in_all is not None and len(spent) >= rules.attempts_in_all:
        broken.append("all attempts are spent")
    for call in his:
        minutes = (now - call.at) / timedelta(minutes=1)
        if call.outcome in PERSON_OUTCOMES | PERHAPS_REACHED | ANSWERED:
            wanted = after.get(call.outcome, 0.0)
            if minutes < rules.spacing_minutes or (wanted != "next_day" and minutes < wanted):
                broken.append(f"too soon after {call.outcome}")
        elif call.outcome in FAILED:
            day = timedelta(hours=24)
            before = [c for c in his if c.outcome in FAILED and c.at < call.at <= c.at + day]
            if minutes < min(2 ** len(before), 10):
                broken.append(f"too soon after a failure: {call.outcome}")
    return broken


def verdict_on(
    row: CustomerRow, history: History, campaign: Campaign, now: datetime
) -> Candidate | Refusal:
    debtor = due(row, campaign, now)
    return judge(debtor, history, campaign, now) if isinstance(debtor, Debtor) else debtor


@settings(max_examples=3 * EXAMPLES, deadline=None)
@given(worlds(), st.lists(rows(), min_size=2, max_size=6))
def test_no_verdict_breaks_a_rule_and_everybody_has_one(
    world: tuple[Campaign, datetime, list[Call], set[str]], people: list[CustomerRow]
) -> None:
    campaign, now, calls, marked = world
    history = history_of(calls, marked, campaign, now)
    verdicts = [verdict_on(row, history, campaign, now) for row in people]
    candidates = [verdict for verdict in verdicts if isinstance(verdict, Candidate)]
    reasons = Counter(verdict.reason for verdict in verdicts if isinstance(verdict, Refusal))
    assert len(candidates) + reasons.total() == len(people)
    for row, verdict in zip(people, verdicts, strict=True):
        assert verdict.customer_id == row.customer_id
        if isinstance(verdict, Candidate):
            assert (row.flag, row.sent, row.debt) in [
                (flag, sent, Decimal(1)) for flag in (1, "1") for sent in (0, b"\x00")
            ]
            assert broken_rules(verdict, calls, marked, campaign, now) == []


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), rows())
def test_nobody_is_turned_away_without_a_rule_that_says_so(
    world: tuple[Campaign, datetime, list[Call], set[str]], row: CustomerRow
) -> None:
    campaign, now, calls, marked = world
    history = history_of(calls, marked, campaign, now)
    debtor = due(row, campaign, now)
    if isinstance(debtor, Refusal):
        return
    verdict = judge(debtor, history, campaign, now)
    good = [number for number in debtor.numbers if number.digits not in marked]
    if isinstance(verdict, Candidate):
        return
    if not good:
        assert verdict.reason is Reason.NUMBER_DEAD
        return
    would_be = Candidate(**vars(debtor), number=good[0])
    assert broken_rules(would_be, calls, marked, campaign, now) != []


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), rows())
def test_the_moment_that_a_refusal_names_is_the_first_one_that_is_allowed(
    world: tuple[Campaign, datetime, list[Call], set[str]], row: CustomerRow
) -> None:
    campaign, now, calls, marked = world
    debtor = due(row, campaign, now)
    if isinstance(debtor, Refusal):
        return
    history = history_of(calls, marked, campaign, now)
    verdict = judge(debtor, history, campaign, now)
    if isinstance(verdict, Candidate) or verdict.not_before is None:
        return
    moment = verdict.not_before
    assert moment > now
    assert isinstance(judge(debtor, history, campaign, moment), Candidate)
    just_before = moment - timedelta(microseconds=1)
    assert isinstance(judge(debtor, history, campaign, just_before), Refusal)


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), rows(), st.none() | rows())
def test_the_claim_never_allows_what_the_selection_would_not(
    world: tuple[Campaign, datetime, list[Call], set[str]],
    row: CustomerRow,
    changed: CustomerRow | None,
) -> None:
    campaign, now, calls, marked = world
    now_is = changed or row
    selected = verdict_on(row, history_of([], set(), campaign, now), campaign, now)
    if isinstance(selected, Refusal):
        return
    history = history_of(calls, marked, campaign, now)
    if still_callable(selected, now_is, history, campaign, now) is None:
        again = verdict_on(now_is, history, campaign, now)
        assert isinstance(again, Candidate)
        assert (again.number, again.person) == (selected.number, selected.person)
        assert broken_rules(selected, calls, marked, campaign, now) == []


@settings(max_examples=EXAMPLES, deadline=None)
@given(worlds(), rows())
def test_why_says_what_the_selection_does_and_names_a_lawful_moment(
    world: tuple[Campaign, datetime, list[Call], set[str]], row: CustomerRow
) -> None:
    campaign, now, calls, marked = world
    history = history_of(calls, marked, campaign, now)
    verdict = verdict_on(row, history, campaign, now)
    told = explain(row, history, campaign, now, in_campaign=True)
    against = {answer.against for answer in told.answers} - {None}
    if isinstance(verdict, Refusal):
        assert told.reason is verdict.reason
        assert verdict.reason in against
    else:
        hours = told.answers[-1].against
        assert told.reason is hours
        assert against <= {hours, Reason.NUMBER_DEAD}
    if (moment := told.next_moment) is None:
        assert isinstance(verdict, Refusal)
        return
    assert moment >= now
    local = moment.astimezone(BOGOTA)
    assert local.weekday() < 6
    assert 7 <= local.hour < 19
    assert isinstance(verdict_on(row, history, campaign, moment), Candidate)
