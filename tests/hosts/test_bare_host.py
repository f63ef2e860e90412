"""Host 1: a bare Debian becomes a PBX with Asterisk 22 that calls customers."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab import customers
from tests.hosts import bare_host
from tests.hosts.bare_host import Site
from tests.hosts.carrier import CarrierOfHosts
from tests.hosts.company import DELIVERED_AFTER
from tests.hosts.machine import ETC
from tests.hosts.network import CARRIER
from tests.hosts.playbook import ROOT, Playbooks

pytestmark = [pytest.mark.slow, pytest.mark.hosts]


@pytest.fixture(scope="module")
def site(carrier_of_hosts: CarrierOfHosts, hosts_directory: Path, key: Path) -> Iterator[Site]:
    with bare_host.booted(hosts_directory, key) as made:
        yield made


@pytest.fixture
def playbooks_before(site: Site, clone_before: Path | None) -> Playbooks:
    if clone_before is None:
        pytest.skip("this clone has no commit before the present one")
    return site.playbooks.of(clone_before)


def test_a_bare_host_becomes_ready_and_a_second_run_changes_nothing(site: Site) -> None:
    first = site.playbooks.run("site")
    assert first.code == 0, first.output
    second = site.playbooks.run("site")
    assert second.code == 0, second.output
    assert second.changed == []
    assert second.count("changed", "host1") == 0


def test_the_log_of_calls_holds_those_that_nobody_answered(site: Site) -> None:
    assert "Log unanswered calls:       Yes" in site.host.cli("cdr show status")


def test_the_services_are_hardened(site: Site) -> None:
    for unit in ("overdue-fastagi.service", "overdue-run@cortes.service"):
        said = site.host.run("systemd-analyze", "security", unit, "--no-pager").stdout
        assert f"Overall exposure level for {unit}: 1.1 OK" in said


def test_a_campaign_that_its_timer_starts_calls_the_customers(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    numbers = site.company.customers("00", "50", "60", "62", "70", "90")
    site.company.wait_until_called(numbers)
    assert sorted(call.number for call in carrier_of_hosts.calls()) == sorted(numbers)
    assert site.company.mismatches(carrier_of_hosts.calls(), DELIVERED_AFTER) == []


def test_the_commit_before_comes_back(site: Site, playbooks_before: Playbooks) -> None:
    release = site.release()
    done = playbooks_before.run("site", application_releases=1)
    assert done.code == 0, done.output
    assert site.release() != release


def test_an_upgrade_from_the_commit_before_with_calls_up_ends_no_call(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    release = site.release()
    numbers = site.company.customers(*("61", "97", "00") * 20, first=200)
    site.company.wait_for_open(numbers, 10)
    done = site.playbooks.run("site")
    assert done.code == 0, done.output
    assert site.release() != release
    site.company.wait_until_called(numbers, seconds=240)
    calls = [call.number for call in carrier_of_hosts.calls()]
    assert all(calls.count(number) == 1 for number in numbers)
    assert site.company.mismatches(carrier_of_hosts.calls(), DELIVERED_AFTER) == []


def test_a_release_that_is_still_there_is_only_linked(
    site: Site, playbooks_before: Playbooks
) -> None:
    for playbooks in (playbooks_before, site.playbooks):
        done = playbooks.run("site", "--tags", "program")
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
    doctor = site.host.originator("doctor", f"{ETC}/campaigns/cortes.yaml")
    assert doctor.returncode == 1
    assert "Wait(301)" in doctor.stdout
    mended = site.playbooks.run("site", "--tags", "dialplan,verify")
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
        ("trunk", {"pbx_trunk_password": "otra", "pbx_trunk_wait_seconds": 5},
         f"The carrier {CARRIER} refuses the password of"),
        ("database", {"database_administrator_socket": "", "application_database_port": 3399},
         "could not be given its rights; originator: the database at 127.0.0.1:3399"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)  # fmt: skip
def test_what_is_wrong_is_one_sentence(
    site: Site, tag: str, variables: dict[str, object], sentence: str
) -> None:
    done = site.playbooks.part(tag, **variables)
    assert done.code == 2
    assert sentence in done.sentence, done.output
    assert "Traceback" not in done.output


def test_no_secret_is_printed(site: Site) -> None:
    """The command lines of ssh are, which are in the process list."""
    shown = site.playbooks.part("manager,trunk,configuration,database", "-vvv", "--diff")
    assert shown.code == 0, shown.output
    for name, value in site.playbooks.variables.items():
        if name.endswith(("password", "secret")):
            assert str(value) not in shown.output, name


def test_a_full_disk_is_one_sentence(site: Site) -> None:
    libc = "import ctypes; libc = ctypes.CDLL(None)"
    mount = f"{libc}; assert libc.mount(b'x', b'/opt', b'tmpfs', 0, b'size=1m') == 0"
    site.host.run("python3", "-c", mount)
    done = site.playbooks.part("program")
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
    assert site.playbooks.part("dialplan").code == 0
    site.host.shell(
        "printf '[overdue-hangup]\\nexten => x,1,NoOp(foreign)\\n' >> /etc/asterisk/extensions.conf"
    )
    before = site.host.shell("cat /etc/asterisk/overdue/*.conf | sha256sum")
    done = site.playbooks.part("dialplan", pbx_fastagi="127.0.0.1:4574")
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


def test_cron_starts_a_campaign_in_place_of_its_timer(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    done = site.playbooks.part("services", services_timers=False)
    assert done.code == 0, done.output
    assert site.host.shell("systemctl list-timers --all --no-legend 'overdue-*'") == ""
    numbers = site.company.customers("00", "60", first=500)
    (command,) = {cron_command(ROOT / "docs" / name) for name in ("deploy.md", "deploy.es.md")}
    site.host.shell(command)
    site.company.wait_until_called(numbers)
    calls = [call.number for call in carrier_of_hosts.calls()]
    assert [calls.count(number) for number in numbers] == [1, 1]
    back = site.playbooks.part("services")
    assert back.code == 0, back.output
    assert "overdue-run@cortes" in site.host.shell("systemctl list-timers 'overdue-*'")


def cron_command(guide: Path) -> str:
    """What the guide's line of a crontab runs."""
    (command,) = re.findall(r"^[\d,*/-]+ .* root (.+)$", guide.read_text(), re.MULTILINE)
    return str(command)


def test_a_pjsip_trunk_of_a_carrier_that_knows_us_by_our_address(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    done = site.playbooks.part("trunk", pbx_trunk_user="", pbx_trunk_register=False)
    assert done.code == 0, done.output
    number = customers.number(410, "00")
    campaign = f"{ETC}/campaigns/cortes.yaml"
    assert site.host.originator("call", number, "--campaign", campaign).returncode == 0
    assert number in [call.number for call in carrier_of_hosts.calls()]


def test_a_trunk_that_the_site_has_is_only_used(
    site: Site, carrier_of_hosts: CarrierOfHosts
) -> None:
    bare_host.make_own_trunk(site.host)
    done = site.playbooks.part(
        "trunk,configuration",
        pbx_trunk_managed=False,
        pbx_trunk_name=bare_host.OWN_TRUNK,
        application_campaigns=site.campaigns_with_own_trunk(),
    )
    assert done.code == 0, done.output
    assert site.host.shell("ls /etc/asterisk/overdue/pjsip.conf", check=False) == ""
    number = customers.number(400, "00")
    campaign = f"{ETC}/campaigns/{bare_host.OWN_TRUNK}.yaml"
    assert site.host.originator("call", number, "--campaign", campaign).returncode == 0
    assert number in [call.number for call in carrier_of_hosts.calls()]


def test_what_is_removed_leaves_no_file_and_no_line(site: Site) -> None:
    done = site.playbooks.run("remove")
    assert done.code == 0, done.output
    left = site.host.shell(
        "grep -rls overdue /etc /opt /usr/local /var/lib/asterisk /var/lib/systemd"
        " --exclude='*-' --exclude='astdb.sqlite3*' || true;"
        "find / -xdev -name '*overdue*' -not -path '/proc/*' -not -path '/var/lib/mariadb/*';"
        "find /usr/share/asterisk/sounds -name 'morosos*' -o -type d -empty;"
        "getent passwd overdue || true"
    )
    assert left == ""
    # Its file keeps the bytes of what was deleted.
    assert "/overdue" not in site.host.cli("database show")
    assert "no existence" in site.host.cli("dialplan show overdue-answered")
    assert (
        site.host.run("systemctl", "list-units", "overdue*", "--plain", "--no-legend").stdout == ""
    )
