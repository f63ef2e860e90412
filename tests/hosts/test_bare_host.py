"""Host 1: a bare Debian with Asterisk 22 becomes a PBX that calls customers."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hosts import carrier
from tests.hosts.carrier import CarrierOfHosts
from tests.hosts.company import CAMPAIGN, DELIVERED_AFTER, Company
from tests.hosts.conftest import HOST_1
from tests.hosts.machine import Machine
from tests.hosts.network import CARRIER
from tests.hosts.playbook import ROOT, Playbooks

pytestmark = [pytest.mark.slow, pytest.mark.hosts]


@dataclass
class Site:
    """The host, what is typed for it, and its database."""

    host: Machine
    playbooks: Playbooks
    company: Company


@pytest.fixture(scope="module")
def site(
    carrier_of_hosts: CarrierOfHosts, tree_forky: Path, hosts_directory: Path, key: Path
) -> Iterator[Site]:
    directory = hosts_directory / "host1"
    host = Machine("host1", HOST_1, tree_forky, directory, key)
    host.create()
    host.start()
    campaign = directory / "cortes.yaml"
    campaign.write_text(CAMPAIGN)
    playbooks = Playbooks(directory, key)
    playbooks.variables = {
        "control_prompts": [str(ROOT / "sounds"), str(ROOT / "lab" / "prompts")],
        "pbx_manager_secret": "el-secreto-de-la-central",
        "pbx_trunk_managed": True,
        "pbx_trunk_address": CARRIER,
        "pbx_trunk_user": carrier.ACCOUNT,
        "pbx_trunk_password": carrier.PASSWORD,
        "pbx_trunk_register": True,
        "application_database_name": "billing",
        "application_token_secret": "un-secreto-para-las-fichas",
        "application_campaigns": [
            {"file": str(campaign), "schedule": ["*-*-* *:*:0/10"]},
        ],
        "database_administrator": "root",
        "database_administrator_socket": "/run/mysqld/mysqld.sock",
        "database_migration_password": "clave-de-las-tablas",
        "database_application_password": "clave-de-todos-los-días'\"\\$",
        "database_report_user": "overdue_reports",
        "database_report_password": "clave-de-los-informes",
    }
    playbooks.groups = {
        group: {host: {}} for group in ("overdue_asterisk", "overdue_pbx", "overdue_application")
    }
    with Company.on(host, directory) as company:
        yield Site(host, playbooks, company)
    host.stop()


def test_a_bare_host_becomes_ready_and_a_second_run_changes_nothing(site: Site) -> None:
    first = site.playbooks.run("site")
    assert first.code == 0, first.output
    second = site.playbooks.run("site")
    assert second.code == 0, second.output
    assert second.changed == []
    assert second.count("changed", "host1") == 0


def test_a_campaign_that_its_timer_starts_calls_the_customers(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    numbers = site.company.customers("00", "50", "60", "62", "70", "90")
    site.company.wait_until_called(len(numbers))
    assert sorted(call.number for call in carrier_of_hosts.calls()) == sorted(numbers)
    assert site.company.mismatches(carrier_of_hosts.calls(), DELIVERED_AFTER) == []
