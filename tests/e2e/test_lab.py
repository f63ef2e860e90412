"""The lab itself: what the carrier records is what happened on the wire."""

import re
import shutil
import signal
import socket
import wave
from array import array
from collections.abc import Iterator
from pathlib import Path

import pymysql
import pytest

from lab import Lab, LabError, tree
from lab.behaviours import ENDINGS, behaviour_of
from lab.calls import CarrierCall
from lab.ports import CARRIER_SIP, PBX_AMI
from lab.waiting import wait_until

PROMPT = "es/vm-intro"
REFUSING = [e for e in ENDINGS if behaviour_of(e).sip_code not in (200, 487) and e != "96"]


@pytest.fixture(autouse=True)
def fresh_record(lab: Lab) -> Iterator[None]:
    lab.carrier.reset()
    yield
    lab.pbx.cli("channel request hangup all")
    assert wait_until(lambda: lines_up(lab) == 0, 10)


def dial(lab: Lab, number: str, prompt: str = PROMPT) -> None:
    channel = f"PJSIP/{number}@voip_issabel"
    lab.pbx.cli(f"channel originate {channel} application Playback {prompt}")


def call_of(lab: Lab, number: str) -> CarrierCall:
    assert wait_until(lambda: any(c.number == number for c in lab.carrier.calls()), 20)
    (call,) = [c for c in lab.carrier.calls() if c.number == number]
    return call


def lines_up(lab: Lab) -> int:
    counts = [i.cli("core show channels count") for i in (lab.pbx, lab.carrier)]
    return sum(int(re.findall(r"(\d+) active channel", count)[0]) for count in counts)


def prompt_file(lab: Lab) -> Path:
    name = PROMPT.removeprefix("es/")
    return lab.tree / f"usr/share/asterisk/sounds/es_MX_f_Allison/{name}.gsm"


def prompt_seconds(lab: Lab) -> float:
    """GSM: 33 bytes are 20 ms."""
    return prompt_file(lab).stat().st_size / 33 * 0.02


def test_refusals_carry_their_sip_code_on_the_wire(lab: Lab) -> None:
    lab.pbx.cli("pjsip set history clear")
    lab.pbx.cli("pjsip set history on")
    for ending in REFUSING:
        dial(lab, f"5730012345{ending}")
        call = call_of(lab, f"5730012345{ending}")
        assert call.sip_code == behaviour_of(ending).sip_code
        assert call.answer_at is None
        assert call.ended_by == "carrier"
    lab.pbx.cli("pjsip set history off")
    history = lab.pbx.cli("pjsip show history")
    seen = [int(code) for code in re.findall(r"SIP/2\.0 ([3-6]\d\d)", history)]
    assert seen == [behaviour_of(ending).sip_code for ending in REFUSING]


def test_listener_hears_the_whole_prompt(lab: Lab) -> None:
    dial(lab, "573001234507")
    call = call_of(lab, "573001234507")
    assert (call.sip_code, call.ended_by) == (200, "caller")
    assert call.answer_at is not None
    assert (call.answer_at - call.invite_at).total_seconds() == pytest.approx(1, abs=0.3)
    assert call.answered_seconds == pytest.approx(prompt_seconds(lab), abs=0.3)
    recording = lab.carrier.recording(call)
    assert recording is not None
    assert wait_until(lambda: _seconds(recording) > prompt_seconds(lab) - 0.3, 5)
    with wave.open(str(recording)) as audio:
        assert max(array("h", audio.readframes(audio.getnframes()))) > 3000


def test_prompt_installed_while_the_pbx_runs_is_played(lab: Lab, tmp_path: Path) -> None:
    (tmp_path / "es_MX").mkdir()
    shutil.copy(prompt_file(lab), tmp_path / "es_MX" / "lab_installed.gsm")
    lab.pbx.install_sounds(tmp_path)
    dial(lab, "573001234507", "es_MX/lab_installed")
    call = call_of(lab, "573001234507")
    assert call.answered_seconds == pytest.approx(prompt_seconds(lab), abs=0.3)


def test_customer_who_hangs_up(lab: Lab) -> None:
    dial(lab, "573001234550")
    dial(lab, "573001234551")
    late, at_once = call_of(lab, "573001234550"), call_of(lab, "573001234551")
    assert (late.ended_by, at_once.ended_by) == ("carrier", "carrier")
    assert late.answered_seconds == pytest.approx(3, abs=0.2)
    assert at_once.answered_seconds is not None
    assert at_once.answered_seconds < 0.1


@pytest.mark.parametrize("ending", ["61", "82"])
def test_cancelled_call_has_one_line(lab: Lab, ending: str) -> None:
    number = f"5730012345{ending}"
    dial(lab, number)
    assert wait_until(lambda: lines_up(lab) == 2, 10)
    lab.pbx.cli("channel request hangup all")
    call = call_of(lab, number)
    assert (call.sip_code, call.ended_by, call.answer_at) == (487, "caller", None)


def test_ringing_or_silence_before_the_answer(lab: Lab) -> None:
    """Only a telephone that rings says so: 180 for 61, 183 for 96, nothing after 100 for 82."""
    provisional = {}
    for ending in ("61", "82", "96"):
        lab.pbx.cli("pjsip set history clear")
        lab.pbx.cli("pjsip set history on")
        dial(lab, f"5730012345{ending}")
        assert wait_until(lambda: "SIP/2.0 1" in lab.pbx.cli("pjsip show history"), 10)
        assert wait_until(lambda: lab.carrier.cli("core show channels concise") != "", 10)
        if ending == "96":
            assert call_of(lab, f"5730012345{ending}").sip_code == 480
        lab.pbx.cli("channel request hangup all")
        call_of(lab, f"5730012345{ending}")
        history = lab.pbx.cli("pjsip show history")
        provisional[ending] = re.findall(r"SIP/2\.0 (1\d\d)", history)
    lab.pbx.cli("pjsip set history off")
    assert provisional == {"61": ["100", "180"], "82": ["100"], "96": ["100", "183"]}


def test_only_99_sends_no_audio(lab: Lab) -> None:
    for ending in ("07", "98", "99"):
        channel = f"PJSIP/5730012345{ending}@voip_issabel"
        lab.pbx.cli(f"channel originate {channel} application Wait 60")
    assert wait_until(lambda: lab.pbx.cli("core show channels concise").count("!Wait!") == 3, 10)

    def received() -> list[int]:
        """Packets received by the three channels, from the columns of channelstats."""
        stats = lab.pbx.cli("pjsip show channelstats")
        rows = [line.split() for line in stats.splitlines() if "voip_issabel" in line]
        return sorted(int(row[row.index("ulaw") + 1].rstrip("K")) for row in rows)

    assert wait_until(lambda: received()[1] > 50, 10)
    assert received()[0] == 0


def test_key_reaches_the_pbx(lab: Lab) -> None:
    for ending, key in (("90", "1"), ("91", "9"), ("92", "2")):
        number = f"5730012345{ending}"
        lab.pbx.cli(f"dialplan set global KEY{ending} none")
        for step in ("1,Read(KEY,,1,,,10)", f"2,Set(GLOBAL(KEY{ending})=${{KEY}})"):
            lab.pbx.cli(f"dialplan add extension {number},{step} into lab-keys replace")
        lab.pbx.cli(f"channel originate PJSIP/{number}@voip_issabel extension {number}@lab-keys")
        assert wait_until(
            lambda e=ending, k=key: f"KEY{e}={k}" in lab.pbx.cli("dialplan show globals"), 15
        )


def test_recording_can_be_switched_off(lab: Lab) -> None:
    lab.carrier.record_audio(False)
    try:
        dial(lab, "573001234550")
        assert lab.carrier.recording(call_of(lab, "573001234550")) is None
        assert list(lab.carrier.recordings.iterdir()) == []
    finally:
        lab.carrier.record_audio(True)


def test_database_takes_hostile_rows_over_both_ways(lab: Lab) -> None:
    env = lab.env()
    account = {
        "user": env["MYSQL_USER"],
        "password": env["MYSQL_PASSWORD"],
        "database": env["MYSQL_DATABASE"],
        "charset": "utf8mb4",
    }
    lab.database.reset()
    cuts = (None, "0", "32", "quince")
    by_socket = pymysql.connect(unix_socket=env["MYSQL_SOCKET"], **account)
    with by_socket, by_socket.cursor() as cursor:
        for cut in cuts:
            cursor.execute(
                "INSERT INTO afiliados (nombre, telefono, corte) VALUES (%s, %s, %s)",
                ("Ñ😀" * 5000, "\r\n&" * 3400, cut),
            )
        by_socket.commit()
    by_tcp = pymysql.connect(host=env["MYSQL_SERVER"], port=int(env["MYSQL_PORT"]), **account)
    with by_tcp, by_tcp.cursor() as cursor:
        cursor.execute("SELECT corte, LENGTH(telefono) FROM afiliados ORDER BY id")
        assert cursor.fetchall() == tuple((cut, 10200) for cut in cuts)
    lab.database.reset()


def test_port_in_use_is_one_sentence(lab: Lab, tmp_path: Path) -> None:
    with pytest.raises(LabError, match=r"5060/udp .* is in use by another program"):
        Lab(tmp_path, lab.tree).up()
    assert not (tmp_path / "pbx").exists()


def test_mirror_that_cannot_be_reached_is_one_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nobody = "http://127.0.0.1:9/debian"
    monkeypatch.setattr(tree, "mirror", lambda: nobody)
    with pytest.raises(LabError, match=f"could not be built from {nobody}: check that this mirror"):
        tree.ensure_tree(tmp_path / "root")
    assert not (tmp_path / "root").exists()


@pytest.fixture
def restored(lab: Lab) -> Iterator[Lab]:
    """The lab, which is up again afterwards whatever the test did to it."""
    yield lab
    lab.up()


def test_killed_lab_is_cleaned_by_the_next_up(restored: Lab) -> None:
    killed = pids(restored)
    for process in (restored.pbx.process, restored.carrier.process, restored.database.process):
        process.signal(signal.SIGKILL)
    assert wait_until(lambda: len(pids(restored)) <= len(killed) - 3, 10)
    restored.up()
    assert len(pids(restored)) == 3
    assert pids(restored).isdisjoint(killed)


def test_down_leaves_nothing_and_up_without_carrier_leaves_its_port(restored: Lab) -> None:
    restored.down()
    assert pids(restored) == set()
    for port in (PBX_AMI, CARRIER_SIP):
        port.check_free()
    restored.up(carrier=False)
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as agent:
        agent.bind((CARRIER_SIP.host, CARRIER_SIP.number))
        agent.settimeout(10)
        assert agent.recv(2000).startswith(b"OPTIONS sip:127.0.0.2")


def pids(lab: Lab) -> set[int]:
    """The processes of the lab that run."""
    return {pid for _, pid, _ in lab.status() if pid}


def _seconds(recording: Path) -> float:
    try:
        with wave.open(str(recording)) as audio:
            return audio.getnframes() / audio.getframerate()
    except (FileNotFoundError, EOFError):
        return 0
