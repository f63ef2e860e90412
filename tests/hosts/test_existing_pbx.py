"""Hosts 2 and 3: a PBX with Asterisk 16 that serves people, and the application beside it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from lab import customers
from tests.hosts import existing_pbx
from tests.hosts.carrier import CarrierOfHosts
from tests.hosts.company import CAMPAIGN, DELIVERED_AFTER, Company
from tests.hosts.conftest import HOST_2, HOST_3
from tests.hosts.machine import Machine
from tests.hosts.playbook import ROOT, Playbooks

pytestmark = [pytest.mark.slow, pytest.mark.hosts]

OWN_NUMBER = customers.number(900, "98")
"""Answers and never hangs up."""


@dataclass
class Site:
    """The PBX with its own call, the application's host, and what is typed for both."""

    pbx: Machine
    application: Machine
    playbooks: Playbooks
    company: Company
    own_call: str


@pytest.fixture(scope="module")
def site(
    carrier_of_hosts: CarrierOfHosts,
    tree_bullseye: Path,
    tree_sid: Path,
    hosts_directory: Path,
    key: Path,
) -> Iterator[Site]:
    carrier_of_hosts.reset()
    pbx = Machine("host2", HOST_2, tree_bullseye, hosts_directory / "host2", key)
    application = Machine("host3", HOST_3, tree_sid, hosts_directory / "host3", key)
    for host in (pbx, application):
        host.create()
        host.start()
    existing_pbx.make(pbx)
    directory = hosts_directory / "host3"
    campaign = directory / "cortes.yaml"
    campaign.write_text(CAMPAIGN.replace("technology: PJSIP", "technology: SIP"))
    playbooks = Playbooks(directory, key)
    playbooks.variables = {
        "control_prompts": [str(ROOT / "sounds"), str(ROOT / "lab" / "prompts")],
    }
    playbooks.environment = {
        "PBX_MANAGER_SECRET": "el-secreto-de-la-central",
        "APPLICATION_TOKEN_SECRET": "un-secreto-para-las-fichas",
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
                "application_database_socket": "/run/mysqld/mysqld.sock",
                "application_campaigns": [
                    {"file": str(campaign), "schedule": ["*-*-* *:*:0/10"]},
                ],
                "services_fastagi_address": HOST_3,
                "database_administrator": "root",
                "database_administrator_socket": "/run/mysqld/mysqld.sock",
            }
        },
    }
    with Company.on(application, directory, "mysql") as company:
        own_call = existing_pbx.start_own_call(pbx, OWN_NUMBER)
        yield Site(pbx, application, playbooks, company, own_call)
    for host in (pbx, application):
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


def test_what_is_removed_leaves_the_site_as_it_was(site: Site) -> None:
    done = site.playbooks.run("remove")
    assert done.code == 0, done.output
    for name in ("extensions", "manager"):
        text = site.pbx.shell(f"cat /etc/asterisk/{name}_custom.conf")
        assert text == "; the company's own\n"
    assert site.pbx.shell("find / -xdev -name '*overdue*' -not -path '/proc/*'") == ""
    assert existing_pbx.own_channel(site.pbx) == site.own_call
