"""Host 1: a bare Debian with Asterisk 22 becomes a PBX that calls customers."""

import shutil
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
    site.company.wait_until_called(numbers)
    assert sorted(call.number for call in carrier_of_hosts.calls()) == sorted(numbers)
    assert site.company.mismatches(carrier_of_hosts.calls(), DELIVERED_AFTER) == []


def test_an_upgrade_with_calls_up_ends_no_call(
    site: Site, carrier_of_hosts: CarrierOfHosts, clone: Path
) -> None:
    (clone / "campaign" / "__init__.py").write_text('"""The next release."""\n')
    build = clone / "build" / "ansible"
    for fetched in (ROOT / "build" / "ansible").glob("dependencies-*"):
        shutil.copytree(fetched, build / fetched.name)
    before = site.host.run("readlink", "/opt/overdue-dialer/current").stdout
    numbers = site.company.customers(*("61", "97", "00") * 20, first=200)
    site.company.wait_for_open(numbers, 10)
    done = site.playbooks.run(
        "site",
        *("--tags", "program,services"),
        control_repository=str(clone),
        control_build=str(build),
        application_build=str(build),
    )
    assert done.code == 0, done.output
    assert site.host.run("readlink", "/opt/overdue-dialer/current").stdout != before
    site.company.wait_until_called(numbers, seconds=240)
    calls = [call.number for call in carrier_of_hosts.calls()]
    assert all(calls.count(number) == 1 for number in numbers)
    assert site.company.mismatches(carrier_of_hosts.calls(), DELIVERED_AFTER) == []


def test_the_release_before_is_only_linked_again(site: Site) -> None:
    done = site.playbooks.run("site", "--tags", "program,services")
    assert done.code == 0, done.output
    assert done.changed == [
        "application : Lead to this release",
        "services : Restart the FastAGI server",
    ]


def test_check_says_that_nothing_differs(site: Site) -> None:
    done = site.playbooks.run("check", "--check")
    assert done.code == 0, done.output


def test_a_line_changed_by_hand_is_found_and_brought_back(site: Site) -> None:
    file = "/etc/asterisk/overdue/overdue.conf"
    site.host.shell(f"sed -i 's/Wait(300)/Wait(301)/' {file}; asterisk -rx 'dialplan reload'")
    found = site.playbooks.run("check", "--check", "--diff")
    assert found.code == 2
    assert "Wait(301)" in found.output
    assert found.sentence.startswith("host1 differs from this clone"), found.sentence
    mended = site.playbooks.run("site", "--tags", "dialplan")
    assert mended.code == 0, mended.output
    assert "Wait(300)" in site.host.cli("dialplan show hold@overdue-sweep")


def test_check_refuses_to_run_where_it_could_change_something(site: Site) -> None:
    assert "Add --check to the command" in site.playbooks.run("check").sentence


@pytest.mark.parametrize(
    ("tag", "variables", "sentence"),
    [
        ("dialplan", {"pbx_manager_secret": ""}, "Set pbx_manager_secret in the vault, or"),
        ("trunk", {"pbx_trunk_password": ""}, "Set pbx_trunk_password in the vault, or"),
        ("program", {"application_token_secret": "corto"}, "Set application_token_secret in"),
        ("database", {"database_migration_password": ""}, "Set database_migration_password in"),
        ("trunk", {"pbx_trunk_password": "otra"}, f"The carrier {CARRIER} refuses the password of"),
        ("database", {"database_administrator_socket": "", "application_database_port": 3399},
         "could not be given its rights; originator: the database cannot be reached"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(
    site: Site, tag: str, variables: dict[str, object], sentence: str
) -> None:
    done = site.playbooks.run("site", "--tags", tag, **variables)
    assert done.code == 2
    assert sentence in done.sentence, done.output
    assert "Traceback" not in done.output


def test_no_secret_is_printed(site: Site) -> None:
    shown = site.playbooks.run("site", "-vvv", "--diff", "--tags", "manager,trunk,configuration")
    assert shown.code == 0, shown.output
    for name, value in site.playbooks.variables.items():
        if name.endswith(("password", "secret")):
            assert str(value) not in shown.output, name


def test_a_full_disk_is_one_sentence(site: Site) -> None:
    libc = "import ctypes; libc = ctypes.CDLL(None)"
    mount = f"{libc}; assert libc.mount(b'x', b'/opt', b'tmpfs', 0, b'size=1m') == 0"
    site.host.run("python3", "-c", mount)
    done = site.playbooks.run("site", "--tags", "program")
    site.host.run("python3", "-c", f"{libc}; assert libc.umount(b'/opt') == 0")
    assert "The disk of host1 is too full for a release: free 200 MB on /opt." in done.sentence


def test_a_broken_dialplan_reaches_no_pbx(site: Site, clone: Path) -> None:
    dialplan = clone / "dialplan" / "overdue.conf"
    dialplan.write_text(dialplan.read_text().replace("Return()", "Retrun()"))
    before = site.host.shell("cat /etc/asterisk/overdue/*.conf | sha256sum")
    done = site.playbooks.run("site", control_repository=str(clone))
    assert done.code == 2
    assert "The dialplan of this clone is refused and reached no PBX" in done.sentence
    assert "Retrun" in done.sentence
    assert site.host.shell("cat /etc/asterisk/overdue/*.conf | sha256sum") == before


def test_a_dialplan_that_the_pbx_loads_otherwise_is_taken_back(site: Site) -> None:
    """A context of ours that the site has too is merged by a reload without a word."""
    assert site.playbooks.run("site", "--tags", "dialplan").code == 0
    site.host.shell(
        "printf '[overdue-hangup]\\nexten => x,1,NoOp(foreign)\\n' >> /etc/asterisk/extensions.conf"
    )
    before = site.host.shell("cat /etc/asterisk/overdue/*.conf | sha256sum")
    done = site.playbooks.run("site", "--tags", "dialplan", pbx_fastagi="127.0.0.1:4574")
    after = site.host.shell("cat /etc/asterisk/overdue/*.conf | sha256sum")
    site.host.shell("head -n -2 /etc/asterisk/extensions.conf > /tmp/e && "
                    "cat /tmp/e > /etc/asterisk/extensions.conf && rm /tmp/e && "
                    "asterisk -rx 'dialplan reload'")  # fmt: skip
    assert "The dialplan on host1 is as it was before" in done.sentence, done.output
    assert "x,1 NoOp(foreign)" in done.sentence
    assert after == before
    assert "127.0.0.1:4573" in site.host.cli("dialplan show globals")


def test_a_reboot_in_mid_campaign_ends_as_promised(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    numbers = site.company.customers(*("00", "01", "61", "97") * 3, first=100)
    site.company.wait_for_open(numbers, 4)
    site.host.reboot()
    site.company.reconnect()
    site.company.wait_until_called(numbers, seconds=240)
    # A call that the reboot cut off without a BYE is still up at the carrier, and has no line yet.
    calls = [call.number for call in carrier_of_hosts.calls()]
    assert [number for number in numbers if calls.count(number) > 1] == []
    assert site.host.run("systemctl", "is-active", "overdue-fastagi").stdout == "active\n"


def test_what_is_removed_leaves_no_file_and_no_line(site: Site) -> None:
    done = site.playbooks.run("remove")
    assert done.code == 0, done.output
    left = site.host.shell(
        "grep -rls overdue /etc /opt /usr/local /var/lib/asterisk /var/lib/systemd"
        " --exclude='*-' || true;"
        "find / -xdev -name '*overdue*' -not -path '/proc/*' -not -path '/var/lib/mariadb/*';"
        "find /usr/share/asterisk/sounds -name 'morosos*'; getent passwd overdue || true"
    )
    assert left == ""
    assert "no existence" in site.host.cli("dialplan show overdue-answered")
    assert (
        site.host.run("systemctl", "list-units", "overdue*", "--plain", "--no-legend").stdout == ""
    )
