"""The AMI link falls silent or is refused in the middle of a run: no call leaves blind."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from lab.ports import PBX_AMI
from lab.waiting import wait_until
from tests.e2e.scene import Scene
from tests.e2e.tcp_proxy import TcpProxy

ENDINGS = tuple(f"{place:02}" for place in range(10))
COMMITTED_AHEAD = 2
"""At most so many slots of this pace lie in the next 0.25 s."""
PACE = {"trunk": {"calls_per_second": 5}, "timing": {"ring_seconds": 5, "call_seconds": 10}}


@pytest.fixture
def proxy() -> Iterator[TcpProxy]:
    with TcpProxy((PBX_AMI.host, PBX_AMI.number)) as proxy:
        yield proxy


@pytest.mark.slow
def test_after_one_originate_without_an_answer_none_is_written(
    scene: Scene, proxy: TcpProxy
) -> None:
    numbers = scene.customers(*ENDINGS)
    run = scene.start_run({"ASTERISK_PORT": str(proxy.port)}, **PACE)
    scene.wait_for_calls_up(2)
    proxy.swallow()
    assert wait_until(lambda: "the AMI link is lost" in run.log.read_text(), 25)
    assert proxy.swallowed.count(b"Action: Originate") == 1
    swallowed = re.findall(rb"ActionID: (\w{26})", proxy.swallowed)[0].decode()
    proxy.mend()
    # The one that was swallowed waits for its deadline, 75 s; what comes of it is settled later.
    assert wait_until(
        lambda: len([a for a in scene.attempts() if a.outcome == "delivered"]) == 9, 40
    )
    run.process.kill()
    run.process.wait()
    scene.pass_ten_minutes()
    # The proxy is this attempt's PBX: settled is only what can be asked there.
    done = scene.command("settle", scene.campaign())
    assert (done.returncode, "it is a call of the PBX 127.0.0.1:" in done.stdout) == (4, True)
    through_the_proxy = {"ASTERISK_PORT": str(proxy.port)}
    done = scene.command("settle", scene.campaign(), environment=through_the_proxy)
    assert done.returncode == 0, done.stdout + done.stderr
    (row,) = scene.rows("SELECT outcome FROM overdue_attempt WHERE id = %s", swallowed)
    assert row["outcome"] == "not_placed"
    scene.pass_ten_minutes()
    scene.run()
    assert Counter(call.number for call in scene.calls()) == Counter(numbers)
    assert scene.mismatches() == []


@pytest.fixture
def other_secret(scene: Scene) -> Iterator[Path]:
    """manager.conf, and as it was when the test is over."""
    file = scene.lab.pbx.directory / "etc" / "manager.conf"
    before = file.read_text()
    yield file
    file.write_text(before)
    scene.lab.pbx.cli("manager reload")


def test_a_login_that_is_refused_when_the_link_comes_back_ends_the_run(
    scene: Scene, proxy: TcpProxy, other_secret: Path
) -> None:
    scene.customers(*ENDINGS)
    run = scene.start_run({"ASTERISK_PORT": str(proxy.port)}, **PACE)
    scene.wait_for_calls_up(2)
    other_secret.write_text(re.sub("secret = .*", "secret = another", other_secret.read_text()))
    scene.lab.pbx.cli("manager reload")
    proxy.cut()
    proxy.mend()
    # Long before the deadlines, 75 s: outcomes arrive without the link.
    assert run.exit_code(40) == 4
    summary = run.summary()
    assert summary["stop_reason"] == "ami_refused"
    assert "refuses the login of 'overdue': check ASTERISK_USERNAME" in summary["stop_detail"]
    assert "no new calls: the PBX refused the AMI link (the PBX's AMI" in run.log.read_text()
    assert scene.rows("SELECT id FROM overdue_attempt WHERE is_open = 1") == []
    # They were committed, and had their turn while the link was gone.
    not_sent = summary["outcomes"].get("not_placed", 0)
    assert not_sent <= COMMITTED_AHEAD
    assert len(scene.calls()) == summary["calls"] - not_sent < len(ENDINGS)
    assert scene.mismatches() == []
