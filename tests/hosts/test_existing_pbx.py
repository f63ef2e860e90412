"""Hosts 2, 3 and 4: a PBX with Asterisk 16 that serves people, the application, its database."""

import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab import customers
from lab.waiting import wait_until
from tests.e2e.tones import AGENT_HERTZ, CUSTOMER_HERTZ, seconds_of
from tests.hosts import carrier, existing_pbx, network, trees
from tests.hosts.carrier import CarrierOfHosts
from tests.hosts.company import CAMPAIGN, DELIVERED_AFTER, Company
from tests.hosts.conftest import HOST_2, HOST_3, HOST_4, TREES
from tests.hosts.machine import ETC, SSH_PAUSE, Machine
from tests.hosts.network import CARRIER
from tests.hosts.playbook import ROOT, Playbooks, Result

pytestmark = [pytest.mark.slow, pytest.mark.hosts]

OWN_NUMBER = customers.number(900, "98")
"""Answers and never hangs up."""
_ADMINISTRATOR = f"""
CREATE USER dba@'{HOST_3}' IDENTIFIED BY 'clave-de-quien-administra';
GRANT ALL ON *.* TO dba@'{HOST_3}' WITH GRANT OPTION;
"""


CAMPAIGN_SIP = CAMPAIGN.replace("technology: PJSIP", "technology: SIP")


@dataclass
class Site:
    """The PBX with its own call, the application's host, and what is typed for both."""

    pbx: Machine
    application: Machine
    playbooks: Playbooks
    company: Company
    own_call: str

    def calls_of_ours(self) -> int:
        """How many are up."""
        return self.pbx.cli("core show channels concise").count("!overdue-")

    def sessions(self) -> str:
        """The connections that the FastAGI server has; empty when there are none."""
        return self.application.run("ss", "-Htn", "sport", "=", ":4573").stdout

    def with_trunk(self, name: str, **variables: object) -> Result:
        """Let the playbook make a trunk to the carrier, and a campaign by hand through it."""
        campaign = self.playbooks.directory / f"{name}.yaml"
        campaign.write_text(
            CAMPAIGN_SIP.replace("campaign: cortes", f"campaign: {name}").replace(
                existing_pbx.TRUNK, name
            )
        )
        groups = self.playbooks.groups
        of_the_host = groups["overdue_application"][self.application]["application_campaigns"]
        return self.playbooks.part(
            "trunk,configuration",
            pbx_trunk_managed=True,
            pbx_trunk_name=name,
            pbx_trunk_file="sip_custom.conf",
            pbx_trunk_address=CARRIER,
            application_campaigns=[*of_the_host, {"file": str(campaign)}],
            **variables,
        )


@pytest.fixture(scope="module")
def site(carrier_of_hosts: CarrierOfHosts, hosts_directory: Path, key: Path) -> Iterator[Site]:
    carrier_of_hosts.reset()
    with network.left(), ThreadPoolExecutor() as both:
        tree_pbx, tree = both.map(
            lambda contents: trees.tree_of(contents, TREES), (trees.EXISTING_PBX, trees.APPLICATION)
        )
    pbx = Machine("host2", HOST_2, tree_pbx, hosts_directory / "host2", key)
    application = Machine("host3", HOST_3, tree, hosts_directory / "host3", key)
    database = Machine("host4", HOST_4, tree, hosts_directory / "host4", key)
    pbx.create()
    application.create("mysql.service")
    database.create()
    database.write("etc/mysql/mysql.conf.d/network.cnf", f"[mysqld]\nbind-address = {HOST_4}\n")
    with ThreadPoolExecutor() as together:
        list(together.map(Machine.start, (pbx, application, database)))
    existing_pbx.make(pbx)
    database.run("mysql", text=_ADMINISTRATOR)
    directory = hosts_directory / "host3"
    campaign = directory / "cortes.yaml"
    campaign.write_text(CAMPAIGN_SIP)
    playbooks = Playbooks(directory, key)
    playbooks.variables = {
        "control_prompts": [str(ROOT / "sounds"), str(ROOT / "lab" / "prompts")],
    }
    playbooks.environment = {
        "PBX_MANAGER_SECRET": "el-secreto-de-la-central",
        "APPLICATION_TOKEN_SECRET": "un-secreto-para-las-fichas",
        "DATABASE_ADMINISTRATOR_PASSWORD": "clave-de-quien-administra",
        "DATABASE_MIGRATION_PASSWORD": "clave-de-las-tablas",
        "DATABASE_APPLICATION_PASSWORD": "clave-de-todos-los-dias",
    }
    playbooks.groups = {
        "overdue_pbx": {
            pbx: {
                "pbx_extensions_file": "extensions_custom.conf",
                "pbx_manager_file": "manager_custom.conf",
                "pbx_trunk_technology": "SIP",
                "pbx_trunk_name": existing_pbx.TRUNK,
                "pbx_fastagi": f"{HOST_3}:4573",
                "pbx_manager_bind": HOST_2,
                "pbx_manager_permit": [f"{HOST_3}/255.255.255.255"],
            }
        },
        "overdue_application": {
            application: {
                "application_pbx": "host2",
                "application_asterisk_host": HOST_2,
                "application_database_name": "billing",
                "application_database_server": HOST_4,
                "application_campaigns": [
                    {"file": str(campaign), "schedule": ["*-*-* *:*:0/30"]},
                ],
                "services_fastagi_address": HOST_3,
                "database_administrator": "dba",
                "database_account_host": HOST_3,
            }
        },
    }
    with Company.on(database, directory, "mysql") as company:
        own_call = existing_pbx.start_own_call(pbx, OWN_NUMBER)
        yield Site(pbx, application, playbooks, company, own_call)
    for host in (pbx, application, database):
        host.stop()


def test_a_pbx_that_serves_people_keeps_its_call_and_gets_ours(site: Site) -> None:
    assert site.own_call
    first = site.playbooks.run("site")
    assert first.code == 0, first.output
    assert existing_pbx.own_channel(site.pbx) == site.own_call
    second = site.playbooks.run("site")
    assert second.code == 0, second.output
    assert second.changed == []
    assert (second.count("changed", "host2"), second.count("changed", "host3")) == (0, 0)


def test_check_says_that_nothing_differs(site: Site) -> None:
    done = site.playbooks.run("check", "--check")
    assert done.code == 0, done.output


def test_only_one_line_was_added_to_the_files_of_the_site(site: Site) -> None:
    for name in ("extensions", "manager"):
        text = site.pbx.shell(f"cat /etc/asterisk/{name}_custom.conf")
        assert text == f"; the company's own\n#include overdue/{name}.conf\n"


def test_a_campaign_calls_through_the_trunk_that_was_there(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    numbers = site.company.customers("00", "50", "60", "62", "70", "90")
    site.company.wait_until_called(numbers)
    calls = [call for call in carrier_of_hosts.calls() if call.number != OWN_NUMBER]
    assert sorted(call.number for call in calls) == sorted(numbers)
    assert site.company.mismatches(calls, DELIVERED_AFTER) == []
    assert existing_pbx.own_channel(site.pbx) == site.own_call


def test_only_the_prompts_that_differ_are_copied(site: Site) -> None:
    spanish = "cd /usr/share/asterisk/sounds/es_MX"
    site.pbx.shell(f"{spanish}; rm prueba.ulaw; chmod 600 gracias.gsm; echo >> value/invoices.alaw")
    done = site.playbooks.part("prompts")
    assert done.code == 0, done.output
    differ = ["es_MX/gracias.gsm", "es_MX/prueba.ulaw", "es_MX/value/invoices.alaw"]
    assert sorted(set(re.findall(r"^ +- (es_MX/\S+)$", done.output, re.MULTILINE))) == differ
    site.pbx.shell(f"{spanish}; test -s prueba.ulaw; find gracias.gsm -perm 644 | grep gsm")


def test_a_campaign_is_run_by_the_clock_of_its_own_zone(site: Site) -> None:
    timer = "overdue-run@cortes.timer"
    assert "/30 America/Bogota ;" in site.application.shell(f"systemctl show {timer}")


def test_a_server_that_falls_silent_is_started_again(site: Site) -> None:
    ask = "systemctl show --value --property=MainPID overdue-fastagi"
    silent = site.application.shell(ask)
    site.application.shell(f"kill -STOP {silent}")
    assert wait_until(lambda: site.application.shell(ask) not in (silent, "0\n"), 60, SSH_PAUSE)
    health = f"/opt/overdue-dialer/current/venv/bin/fastagi-server health --host {HOST_3}"
    assert wait_until(lambda: site.application.shell(health, check=False) == "ok\n", 60, SSH_PAUSE)


def test_the_doctor_looks_at_a_pbx_on_another_host(site: Site) -> None:
    campaign = f"{ETC}/campaigns/cortes.yaml"
    # A run that the timer has begun meanwhile may have found the server silent.
    site.application.shell("systemctl reset-failed")
    doctor = site.application.originator("doctor", campaign)
    assert doctor.returncode == 0, doctor.stdout
    assert "WARNING" not in doctor.stdout
    change = "sed -i 's/Wait({})/Wait({})/' /etc/asterisk/overdue/overdue.conf;"
    reload = "asterisk -rx 'dialplan reload'"
    site.pbx.shell(change.format(300, 301) + reload)
    doctor = site.application.originator("doctor", campaign)
    site.pbx.shell(change.format(301, 300) + reload)
    assert doctor.returncode == 1
    assert "Wait(301)" in doctor.stdout


def test_a_customer_who_asks_for_a_person_is_connected_on_chan_sip(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    campaign = f"{ETC}/campaigns/persona.yaml"
    people = f"answer_seconds: 10\ntransfer: {{dial: SIP/{existing_pbx.AGENT}, ring_seconds: 4}}\n"
    site.application.run("tee", campaign, text=CAMPAIGN_SIP + people)
    carrier_of_hosts.agent_does("hangs-up")
    number = customers.number(350, "87")
    done = site.application.originator("call", number, "--campaign", campaign)
    assert done.stdout.startswith("transferred"), done.stdout + done.stderr
    call = carrier_of_hosts.calls()[-1]
    heard = carrier_of_hosts.recording(call)
    assert call.number == number
    assert heard is not None
    assert seconds_of(AGENT_HERTZ, heard) > 2
    assert seconds_of(CUSTOMER_HERTZ, carrier_of_hosts.heard_by_agent) > 2
    assert existing_pbx.own_channel(site.pbx) == site.own_call


def test_a_call_whose_fastagi_host_falls_silent_ends(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    """Nothing but TCP ends it: Asterisk stays in AGI() while the connection is open."""
    number = customers.number(300, "98")
    site.company.customers("98", first=300)
    assert wait_until(lambda: site.calls_of_ours() == 1, 90, SSH_PAUSE)
    with network.cut(site.application.name):
        assert wait_until(lambda: site.calls_of_ours() == 0, 60, SSH_PAUSE)
    assert wait_until(lambda: site.sessions() == "", 60, SSH_PAUSE)
    site.company.wait_until_called([number], seconds=120)
    assert existing_pbx.own_channel(site.pbx) == site.own_call


@pytest.mark.parametrize(
    ("name", "account"),
    [
        ("by_account", {"pbx_trunk_user": carrier.ACCOUNT, "pbx_trunk_register": True}),
        ("by_address", {}),
    ],
    ids=["by account", "by address"],
)
def test_a_chan_sip_trunk_of_ours(
    site: Site, carrier_of_hosts: CarrierOfHosts, name: str, account: dict[str, object]
) -> None:
    done = site.with_trunk(name, pbx_trunk_password=carrier.PASSWORD, **account)
    assert done.code == 0, done.output
    assert existing_pbx.own_channel(site.pbx) == site.own_call
    number = customers.number(400 + len(account), "00")
    campaign = f"{ETC}/campaigns/{name}.yaml"
    assert site.application.originator("call", number, "--campaign", campaign).returncode == 0
    assert number in [call.number for call in carrier_of_hosts.calls()]


def test_a_wrong_password_of_a_chan_sip_trunk_is_one_sentence(site: Site) -> None:
    done = site.with_trunk(
        "by_account",
        pbx_trunk_user=carrier.ACCOUNT,
        pbx_trunk_register=True,
        pbx_trunk_password="otra",
        pbx_trunk_wait_seconds=5,
    )
    assert done.code == 2
    assert f"The carrier {CARRIER} refuses the password of {carrier.ACCOUNT}" in done.sentence


def test_what_is_removed_leaves_the_site_as_it_was(site: Site) -> None:
    done = site.playbooks.run("remove")
    assert done.code == 0, done.output
    for name in ("extensions", "manager"):
        text = site.pbx.shell(f"cat /etc/asterisk/{name}_custom.conf")
        assert text == "; the company's own\n"
    for host in (site.pbx, site.application):
        assert host.shell("find / -xdev -name '*overdue*' -not -path '/proc/*'") == ""
    assert "/overdue" not in site.pbx.cli("database show")
    assert existing_pbx.own_channel(site.pbx) == site.own_call
