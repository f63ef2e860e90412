import dataclasses
import json
from contextlib import suppress
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import campaign.file
from campaign.checks import RefusedError
from campaign.errors import CampaignError
from campaign.file import Campaign, load
from campaign.flow_sections import Keys, Machine, Promise, Transfer
from campaign.flow_terms import FlowTerms
from campaign.law import CLOSED, LAWS, Hours
from campaign.sections import After, Breaker, DueRule, Limits, Numbers, Retry, Timing, Trunk, Week
from campaign.source import Source

EXAMPLE = Path(campaign.file.__file__).with_name("example.yaml")


@pytest.fixture
def write(tmp_path: Path) -> Any:
    def write(text: str | bytes) -> Path:
        path = tmp_path / "c.yaml"
        path.write_bytes(text if isinstance(text, bytes) else text.encode())
        return path

    return write


def refusal(path: Path) -> str:
    with pytest.raises(CampaignError) as caught:
        load(path)
    text = str(caught.value)
    assert "\n" not in text
    return text.replace(str(path), "c.yaml")


def test_example_shows_every_key_with_its_default() -> None:
    assert load(EXAMPLE) == Campaign(name="cortes")
    written = yaml.safe_load(EXAMPLE.read_text())
    top = {each.name for each in dataclasses.fields(Campaign)} - {"name"} | {"campaign"}
    assert set(written) == top
    (written["trunks"],) = written["trunks"]
    written["after"] = written["retry"]["after"]
    for name, section in {
        "keys": Keys,
        "promise": Promise,
        "transfer": Transfer,
        "machine": Machine,
        "numbers": Numbers,
        "trunks": Trunk,
        "breaker": Breaker,
        "limits": Limits,
        "timing": Timing,
        "retry": Retry,
        "after": After,
        "due": DueRule,
        "source": Source,
    }.items():
        assert set(written[name]) == {each.name for each in dataclasses.fields(section)}


def test_name_alone_is_a_campaign(write: Any) -> None:
    loaded = load(write("campaign: c"))
    assert loaded.time_zone == ZoneInfo("America/Bogota")
    assert loaded.law is LAWS["co-ley-2300"]
    assert loaded.caller_id == "3241000752"
    assert [trunk.label for trunk in loaded.trunks] == ["PJSIP/voip_issabel"]
    assert (loaded.timing.ring_seconds, loaded.timing.call_seconds) == (30, 90)
    assert (loaded.retry.attempts_per_day, loaded.retry.spacing_minutes) == (3, 60)
    assert loaded.source.where == {}


def test_every_value_can_be_set(write: Any) -> None:
    loaded = load(
        write(
            """\
campaign: corte_2026-11
time_zone: UTC
law: none
contact: attempted
hours: {monday: "08:00-17:00", saturday: closed, sunday: 00:00-24:00}
holidays: [2026-12-24, "2028-02-29"]
caller_id: +576011234567
prompt: short
paid_prompt: null
language: en
flow: confirm
personal: [en/your_balance, "{amount}", en/cut_on, "{cut_date}", "{invoices}"]
greeting: en/hello
neutral_prompt: null
answer_seconds: 4
keys: {confirm: 5, repeat: null, transfer: "0", promise: 4, wrong_person: 7, do_not_call: 6}
promise: {most_days: 9, grace_days: 0}
transfer:
  {queue: cobros, hours: {monday: "08:00-17:00", sunday: closed}, ring_seconds: 5,
   talk_seconds: 60, music: salsa}
machine: {detect: true, policy: neutral, unsure: hang_up, initial_silence_ms: 2000, words: 4}
dial_format: e164
numbers: {kinds: [fixed], prefixes: [601, "602"]}
do_not_call: [collection]
trunks:
  - {technology: SIP, name: a.b-c_1, calls_per_second: 0.5, max_calls: 1}
  - name: standby
breaker: {failures: 2, pause_seconds: 30}
limits:
  {max_calls: 1, calls_per_day: 2, minutes_per_day: 3, run_seconds: 4, run_seconds_per_customer: 5}
timing: {ring_seconds: 6, call_seconds: 20, grace_seconds: 45, delivered_after_seconds: 2.5}
retry:
  attempts_per_day: 1
  attempts_per_cycle: 2
  attempts_in_all: 3
  spacing_minutes: 0
  after: {busy: 0.5, no_answer: next_day, declined: 1}
due: {rule: due_date, days_before: 3, days_after: 60}
source:
  customers: clientes$
  phones: [mobile, "home"]
  cut_day: null
  person: cedula
  invoice_due_date: due
  where: {activo: 1, eliminar: false, plan: "hogar"}
"""
        )
    )
    assert loaded.name == "corte_2026-11"
    assert loaded.time_zone == ZoneInfo("UTC")
    assert loaded.law is LAWS["none"]
    assert loaded.caller_id == "+576011234567"
    assert loaded.contact == "attempted"
    assert loaded.hours == Week(monday=Hours(480, 1020), saturday=CLOSED, sunday=Hours(0, 1440))
    assert loaded.holidays == (date(2026, 12, 24), date(2028, 2, 29))
    assert loaded.paid_prompt is None
    assert (loaded.language, loaded.flow, loaded.greeting) == ("en", "confirm", "en/hello")
    assert loaded.personal[1:4:2] == ("{amount}", "{cut_date}")
    assert (loaded.neutral_prompt, loaded.answer_seconds) == (None, 4)
    assert loaded.keys == Keys("5", None, "0", "4", "7", "6")
    assert loaded.promise == Promise(9, 0)
    agents = Week(monday=Hours(480, 1020), sunday=CLOSED)
    assert loaded.transfer == Transfer(None, "cobros", agents, 5, 60, "salsa")
    assert loaded.machine.amd_arguments == "2000,1500,800,5000,100,50,4,256,5000"
    assert loaded.machine.unsure == "hang_up"
    assert FlowTerms.from_json(loaded.flow_terms.to_json()) == loaded.flow_terms
    assert loaded.numbers == Numbers(("fixed",), ("601", "602"))
    assert loaded.do_not_call == ("collection",)
    assert loaded.trunks == (Trunk("SIP", "a.b-c_1", 0.5, 1), Trunk(name="standby"))
    assert loaded.breaker == Breaker(2, 30)
    assert loaded.limits == Limits(1, 2, 3, 4, 5)
    assert loaded.timing == Timing(6, 20, 45, 2.5)
    assert loaded.retry == Retry(1, 2, 3, 0, After(0.5, "next_day", 1))
    assert loaded.due == DueRule("due_date", 3, 60)
    assert loaded.source.phones == ("mobile", "home")
    assert (loaded.source.cut_day, loaded.source.invoice_due_date) == (None, "due")
    assert loaded.source.where == {"activo": 1, "eliminar": 0, "plan": "hogar"}
    assert loaded.source.person == "cedula"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "campaign file c.yaml is empty, it needs at least campaign: NAME"),
        ("law: none", "c.yaml line 1: campaign is missing, allowed is the campaign's name"),
        ("campaign:\n", "line 1: campaign is “”, allowed is the campaign's name"),
        ("campaign: a b", "line 1: campaign is “a b”, allowed is"),
        ("campaign: c\ntiming:\n  ring_secnds: 3", "line 3: there is no key “ring_secnds” in"),
        ("campaign: c\ntiming:\n  ring_secnds: 3", "in timing, did you mean ring_seconds?"),
        ("campaign: c\ntrunk: {}", "line 2: there is no key “trunk”, did you mean trunks?"),
        ("campaign: c\nxyz: 1", "line 2: there is no key “xyz”, allowed are campaign, time_zone"),
        ("campaign: c\n\nlaw: none\nlaw: none", "line 4: law stands here again, it is already in"),
        ("campaign: c\ntiming: {ring_seconds: soon}", "timing.ring_seconds is “soon”, allowed is"),
        ("campaign: c\ntiming: {ring_seconds: 1.5}", "a whole number from 1 to 120"),
        ("campaign: c\ntiming: {ring_seconds: true}", "a whole number from 1 to 120"),
        ("campaign: c\ntiming: {ring_seconds: 0}", "a whole number from 1 to 120"),
        ("campaign: c\ntiming: {ring_seconds: [1]}", "timing.ring_seconds is a list, allowed"),
        ("campaign: c\ntiming: {ring_seconds: !!int ''}", "a whole number from 1 to 120"),
        ("campaign: c\ntiming: {ring_seconds: !!bool x}", "a whole number from 1 to 120"),
        (f"campaign: c\ntiming: {{ring_seconds: {'9' * 5000}}}", "a whole number from 1 to 120"),
        ("campaign: c\ntrunks: [{calls_per_second: .nan}]", "a number from 0 to 100"),
        ("campaign: c\ntrunks: [{calls_per_second: -1}]", "a number from 0 to 100"),
        ("campaign: c\ntrunks: [{calls_per_second: .inf}]", "a number from 0 to 100"),
        ("- campaign", "line 1: the file must hold keys with values: campaign, time_zone"),
        ("campaign: c\nlaw: null", "line 2: law is “null”, allowed is co-ley-2300 or none"),
        ("campaign: c\nlaw: no", "line 2: law is “no”, allowed is co-ley-2300 or none"),
        ("campaign: c\ntime_zone: America/Bogotá", "allowed is a time zone by its name"),
        ("campaign: c\ntime_zone: America", "allowed is a time zone by its name"),
        ("campaign: c\ntime_zone: ../../etc/passwd", "allowed is a time zone by its name"),
        ("campaign: c\ntime_zone: 5", "allowed is a time zone by its name"),
        (
            "campaign: c\nlaw: co-ley-2300\ntime_zone: UTC",
            "line 3: time_zone is “UTC”, allowed is America/Bogota under law co-ley-2300",
        ),
        ("campaign: c\ndial_format: local", "allowed is national or e164"),
        ("campaign: c\nwhere: 1", "there is no key “where”"),
        ("campaign: c\nsource: {where: [a]}", "source.where is a list, allowed is columns"),
        ("campaign: c\nsource: {where: {a: null}}", "up to 255 printable characters for a"),
        ("campaign: c\nsource: {where: {a: [1]}}", "up to 255 printable characters for a"),
        ("campaign: c\nsource: {where: {a: 1.5}}", "up to 255 printable characters for a"),
        ("campaign: c\nsource: {where: {a: 1, a: 2}}", "line 2: “a” stands here again"),
        (
            "campaign: c\nsource: {where: {'a`': 1}}",
            "source.where is a set of keys, allowed is the",
        ),
        ("campaign: c\nsource: {where: {[a]: 1}}", "allowed is the name of a table or column"),
        ("campaign: c\n<<: {law: none}", "line 2: there is no key “<<”"),
        ("campaign: c\n? [x]\n: 1", "line 2: there is no key a list"),
        ("campaign: &a {b: *a}", "line 1: campaign is a set of keys, allowed is"),
        ("campaign: c\nsource: {where: &a {b: *a}}", "255 printable characters for b"),
        ("campaign: !!python/object/apply:os.system [id]", "line 1: campaign is a list"),
        ("campaign: c\n  law: none", "c.yaml line 2: not YAML, mapping values are not allowed"),
        ("campaign: c\n\tlaw: none", "c.yaml line 2: not YAML"),
        ("campaign: c\nlaw: \x07", "c.yaml line 2: not YAML, special characters are not allowed"),
        ("a: 1\n---\nb: 2", "c.yaml line 2: not YAML, but found another document"),
        ("[" * 5000, "c.yaml: not a campaign file, it is nested too deeply"),
        ('campaign: "\\UFFFFFFFF"', "c.yaml: not YAML, a number or character in it is too large"),
        ('campaign: "\\U00110000"', "c.yaml: not YAML, a number or character in it is too large"),
        ('campaign: "\\uD800"', "campaign is “\\ud800”, allowed is"),
        (b"campaign: \xff", "campaign file c.yaml: save it as UTF-8 text"),
    ],
)
def test_wrong_file_is_named_with_line_key_and_what_is_allowed(
    write: Any, text: str | bytes, message: str
) -> None:
    assert message in refusal(write(text))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("timing:", "line 2: timing must hold keys with values: ring_seconds, call"),
        ("trunks:", "line 2: trunks is “”, allowed is a list of 1 to 8 with the keys"),
        ("trunks: []", "line 2: trunks is a list, allowed is a list of 1 to 8 with"),
        ("trunks:\n- {}\n- PJSIP", "line 4: trunks.2 must hold keys with values"),
        ("trunks:\n- {}\n- {nam: x}", "line 4: there is no key “nam” in trunks.2, did"),
        (
            "trunks:\n- {}\n- {}",
            "line 3: trunks is a list, allowed is each trunk only",
        ),
        ("contact: tried", "contact is “tried”, allowed is answered or attempted"),
        ("hours:\n  sunday: 08:00-12:00", "line 3: hours.sunday is “08:00-12:00”,"),
        ("hours: {sunday: 08:00-12:00}", "allowed is closed under law co-ley-2300"),
        (
            "hours: {saturday: 08:00-15:01}",
            "hours.saturday is “08:00-15:01”, allowed is 08:00-15:00 or narrower, or closed,",
        ),
        (
            "hours: {monday: 06:59-08:00}",
            "is 07:00-19:00 or narrower, or closed, under",
        ),
        ("hours: {monday: 9-17}", 'allowed is hours as "08:00-17:00", or closed'),
        (
            "hours: {monday: 17:00-09:00}",
            'allowed is hours as "08:00-17:00", or closed',
        ),
        ("law: none\nhours: {monday: 08:00-24:01}", "hours.monday is “08:00-24:01”"),
        ("hours: {montag: closed}", "there is no key “montag” in hours, did you mean"),
        (
            "hours: {friday: 08:00-08:02}",
            "more than the 2 minutes of ring_seconds and",
        ),
        (
            "hours: {monday: closed, tuesday: closed, wednesday: closed,\n"
            "  thursday: closed, friday: closed, saturday: closed}",
            "line 2: hours is a set of keys, allowed is at least one day that is not closed",
        ),
        (
            "holidays:\n- 2026-12-24\n- 2026-02-30",
            "line 4: holidays has “2026-02-30”,",
        ),
        ("holidays: [24.12.2026]", "allowed is a day of the calendar, as 2026-12-24"),
        ("holidays: 2026-12-24", "holidays is “2026-12-24”, allowed is a list of"),
        ("holidays: [[2026-12-24]]", "holidays has a list, allowed is a day of"),
        ("holidays:\n- 2026-12-24\n- 2026-12-24", "line 4: holidays has “2026-12-24”"),
        (
            "numbers: {kinds: []}",
            "numbers.kinds is a list, allowed is a list of 1 to 2",
        ),
        (
            "numbers: {kinds: [movil]}",
            "numbers.kinds has “movil”, allowed is mobile or",
        ),
        ("numbers: {prefixes: [57300]}", "allowed is the first digits of national"),
        ("personal: [es_MX/a, {amount}]", "personal has a set of keys, allowed is a sound file"),
        ("personal: ['{saldo}']", "personal has “{saldo}”, allowed is a sound file, or {amount}"),
        ("flow: ask", "flow is “ask”, allowed is announce or confirm"),
        ("language: fr", "language is “fr”, allowed is es_MX or en"),
        ("flow: confirm\nkeys: {confirm: null}", "line 3: keys.confirm is “null”, allowed is a"),
        ("keys: {promise: 12}", "keys.promise is “12”, allowed is one digit, or null"),
        ("keys: {promise: '*'}", "keys.promise is “*”, allowed is one digit, or null"),
        ("keys: {promise: 9}", "keys.do_not_call is missing, allowed is a key that does nothing"),
        (
            "keys: {confirm: 8, wrong_person: 8}",
            "keys.wrong_person is “8”, allowed is a key that does nothing else at that moment",
        ),
        ("promise: {most_days: 10}", "a whole number from 1 to 9"),
        ("transfer: {dial: 200}", "transfer.dial is “200”, allowed is telephones of the PBX"),
        ("transfer: {dial: 'PJSIP/2,,g'}", "allowed is telephones of the PBX"),
        ("transfer: {dial: PJSIP/300@voip_issabel}", "allowed is telephones of the PBX"),
        ("transfer: {dial: SIP/203.0.113.5}", "allowed is telephones of the PBX"),
        ("transfer: {dial: Local/s@any}", "allowed is telephones of the PBX"),
        ("transfer: {dial: '${EVIL}/2'}", "allowed is telephones of the PBX"),
        ("transfer: {queue: a b}", "allowed is a queue of the PBX, or null"),
        (
            "transfer: {dial: PJSIP/200, queue: q}",
            "transfer.queue is “q”, allowed is null, because dial stands here too",
        ),
        ("machine: {detect: 1}", "machine.detect is “1”, allowed is true or false"),
        ("machine: {policy: skip}", "allowed is hang_up or neutral or play"),
        ("do_not_call: [a b]", "do_not_call has “a b”, allowed is a purpose"),
        (
            "retry: {after: {busy: later}}",
            "retry.after.busy is “later”, allowed is min",
        ),
        (
            "retry: {after: {busi: 1}}",
            "no key “busi” in retry.after, did you mean busy?",
        ),
        ("timing: {run_seconds: 1}", "no key “run_seconds” in timing"),
        ("due: {rule: due_date}", "source.invoice_due_date is missing, allowed is a"),
        ("source:\n  cut_day: null", "line 3: source.cut_day is “null”, allowed is a"),
        (
            "source: {phones: telefono}",
            "source.phones is “telefono”, allowed is a list",
        ),
        (
            "source: {phones: []}",
            "source.phones is a list, allowed is a list of 1 to 9",
        ),
        ("source: {phones: [a, b, a]}", "source.phones has “a”, allowed is each only"),
    ],
)
def test_wrong_value_is_named_with_line_key_and_what_is_allowed(
    write: Any, text: str, message: str
) -> None:
    assert message in refusal(write(f"campaign: c\n{text}"))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("caller_id", "3241000752\r\nAction: Hangup"),
        ("caller_id", "324 1000752"),
        ("caller_id", "３２４１０００７５２"),
        ("caller_id", "12"),
        ("prompt", "es_MX/morosos&other"),
        ("prompt", "../etc/passwd"),
        ("prompt", "/abs"),
        ("prompt", "a//b"),
        ("prompt", "a" * 200),
        ("prompt", "${SHELL(id)}"),
        ("greeting", "../etc/passwd"),
        ("neutral_prompt", "a&b"),
        ("campaign", "x\n"),
    ],
)
def test_values_that_reach_an_ami_action_are_strict(write: Any, key: str, value: str) -> None:
    text = yaml.safe_dump({"campaign": "c"} | {key: value}, allow_unicode=True)
    assert f"{key} is “" in refusal(write(text))


@pytest.mark.parametrize("name", ["t/x", "t&PJSIP/x", "t\r\n", "t,u", "t|u", "t(u)", "", "t" * 65])
def test_trunk_name_cannot_leave_its_place_in_the_channel(write: Any, name: str) -> None:
    text = yaml.safe_dump({"campaign": "c", "trunks": [{"name": name}]})
    assert "trunks.1.name is “" in refusal(write(text))


@pytest.mark.parametrize(
    "column", ["a`b", "a b", "a.b", "a;b", "a%s", "", "a" * 65, "a\x00", "a\n"]
)
def test_unsafe_identifier_never_stands_in_a_source(write: Any, column: str) -> None:
    assert "source.phones has “" in refusal(
        write(yaml.safe_dump({"campaign": "c", "source": {"phones": ["telefono", column]}}))
    )
    assert "source.flag is “" in refusal(
        write(yaml.safe_dump({"campaign": "c", "source": {"flag": column}}))
    )
    with pytest.raises(RefusedError, match=r"^phones\.0: allowed is the name of a table"):
        Source(phones=(column,))
    with pytest.raises(CampaignError, match="start a new run"):
        Source.from_json(json.dumps({"phones": [column]}))


def test_number_without_quotes_keeps_its_digits_where_text_is_wanted(write: Any) -> None:
    assert load(write("campaign: 0010\ncaller_id: 0324100")).caller_id == "0324100"
    assert load(write("campaign: 2026-11-01")).name == "2026-11-01"


def test_byte_order_mark_of_a_windows_editor_is_no_fault(write: Any) -> None:
    assert load(write(b"\xef\xbb\xbfcampaign: c\r\nlaw: none\r\n")).law.name == "none"


def test_missing_file_and_directory_are_named(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "none.yaml")
    assert "directory" in refusal(tmp_path)


def test_many_aliases_cost_no_time(write: Any) -> None:
    lines = ["a0: &a0 [x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 40)]
    assert "there is no key “a0”" in refusal(write("\n".join(lines)))


@pytest.mark.parametrize("text", ["", "[]", "null", "{", '{"colour": 1}', '{"where": {"a": [1]}}'])
def test_unreadable_stored_source_stops_with_a_sentence(text: str) -> None:
    with pytest.raises(CampaignError, match="stored cannot be read"):
        Source.from_json(text)


def test_one_key_may_confirm_and_then_mean_something_else(write: Any) -> None:
    text = "campaign: c\nflow: confirm\nkeys: {confirm: 3, repeat: null}"
    assert load(write(text)).keys == Keys(confirm="3", repeat=None)


@pytest.mark.parametrize("text", ["", "[]", "null", "{", "{}", '{"colour": 1}'])
def test_unreadable_stored_flow_stops_with_a_sentence(text: str) -> None:
    with pytest.raises(CampaignError, match="flow that this run stored cannot be read"):
        FlowTerms.from_json(text)


def test_a_flow_needs_the_sounds_that_it_may_play() -> None:
    announce = Campaign(name="c", personal=("es_MX/your_balance", "{amount}"))
    assert announce.flow_terms.sounds == (
        "es_MX/morosos_natalia",
        "es_MX/gracias_pago",
        "es_MX/your_balance",
    )
    confirm = Campaign(name="c", flow="confirm", paid_prompt=None)
    assert confirm.flow_terms.sounds == (
        "es_MX/morosos_natalia",
        "es_MX/saludo_titular",
        "es_MX/mensaje_neutral",
    )
    detecting = Campaign(name="c", machine=Machine(detect=True, policy="neutral"))
    assert "es_MX/mensaje_neutral" in detecting.flow_terms.sounds


_identifiers = st.from_regex(r"[A-Za-z0-9_$ñ-]{1,64}", fullmatch=True)
_values = st.one_of(
    st.integers(-(2**63) + 1, 2**63 - 1), st.text(max_size=255).filter(str.isprintable)
)


@given(
    customers=_identifiers,
    person=st.none() | _identifiers,
    where=st.dictionaries(_identifiers, _values, max_size=4),
)
def test_source_survives_its_way_through_the_database(
    customers: str, person: str | None, where: dict[str, int | str]
) -> None:
    source = Source(customers=customers, person=person, where=where)
    assert Source.from_json(source.to_json()) == source


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("file") / "c.yaml"


_keys = st.sampled_from(
    ["campaign", "law", "trunks", "hours", "timing", "source", "where", "name", "x", "<<"]
)
_trees = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.dates() | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_keys, inner, max_size=3),
    max_leaves=12,
)


@given(tree=_trees)
def test_any_yaml_is_a_campaign_or_a_sentence(scratch: Path, tree: object) -> None:
    _load_or_refuse(scratch, yaml.safe_dump(tree).encode())


@given(data=st.binary(max_size=200) | st.text(max_size=200).map(lambda s: s.encode("utf-8")))
def test_any_bytes_are_a_campaign_or_a_sentence(scratch: Path, data: bytes) -> None:
    _load_or_refuse(scratch, b"campaign: c\n" + data)


def _load_or_refuse(path: Path, data: bytes) -> None:
    path.write_bytes(data)
    with suppress(CampaignError):
        assert load(path).time_zone.key
