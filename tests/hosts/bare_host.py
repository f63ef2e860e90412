"""Host 1: a bare Debian with a database, which the playbook makes a PBX that calls customers."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.hosts import carrier, trees
from tests.hosts.company import CAMPAIGN, Company
from tests.hosts.conftest import HOST_1, TREES
from tests.hosts.machine import Machine
from tests.hosts.network import CARRIER
from tests.hosts.playbook import ROOT, Playbooks

OWN_TRUNK = "central"
_OWN_TRUNK = f"""
[{OWN_TRUNK}-udp]
type = transport
protocol = udp
bind = 0.0.0.0:5070

[{OWN_TRUNK}]
type = endpoint
transport = {OWN_TRUNK}-udp
context = default
disallow = all
allow = ulaw
aors = {OWN_TRUNK}
outbound_auth = {OWN_TRUNK}
from_user = {carrier.ACCOUNT}

[{OWN_TRUNK}]
type = aor
contact = sip:{CARRIER}:5060

[{OWN_TRUNK}]
type = auth
auth_type = userpass
username = {carrier.ACCOUNT}
password = {carrier.PASSWORD}
"""


@dataclass
class Site:
    """The host, what is typed for it, and its database."""

    host: Machine
    playbooks: Playbooks
    company: Company

    def release(self) -> str:
        """The release that is in use."""
        return self.host.run("readlink", "/opt/overdue-dialer/current").stdout

    def campaigns_with_own_trunk(self) -> list[dict[str, object]]:
        """The campaigns of the host, and one by hand through the site's own trunk."""
        campaign = self.playbooks.directory / f"{OWN_TRUNK}.yaml"
        campaign.write_text(
            CAMPAIGN.replace("campaign: cortes", f"campaign: {OWN_TRUNK}").replace(
                "voip_issabel", OWN_TRUNK
            )
        )
        return [*self.playbooks.variables["application_campaigns"], {"file": str(campaign)}]


@contextmanager
def booted(hosts_directory: Path, key: Path) -> Iterator[Site]:
    """The host before any playbook, with the company's tables."""
    directory = hosts_directory / "host1"
    host = Machine("host1", HOST_1, trees.tree_of(trees.BARE, TREES), directory, key)
    host.create()
    host.start()
    campaign = directory / "cortes.yaml"
    campaign.write_text(CAMPAIGN)
    playbooks = Playbooks(directory, key)
    playbooks.variables = {
        "control_prompts": [str(ROOT / "sounds"), str(ROOT / "lab" / "prompts")],
        "pbx_manager_secret": "el-secreto-de-la-central",
        "pbx_cdr_unanswered": True,
        "pbx_trunk_managed": True,
        "pbx_trunk_address": CARRIER,
        "pbx_trunk_user": carrier.ACCOUNT,
        "pbx_trunk_password": carrier.PASSWORD,
        "pbx_trunk_register": True,
        "application_database_name": "billing",
        "application_token_secret": "un-secreto-para-las-fichas",
        "application_campaigns": [
            {"file": str(campaign), "schedule": ["*-*-* *:*:0/30"]},
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


def make_own_trunk(host: Machine) -> None:
    """Let the site have a trunk that no role made."""
    host.run("tee", "-a", "/etc/asterisk/pjsip.conf", text=_OWN_TRUNK)
    host.cli("pjsip reload")
