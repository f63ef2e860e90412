"""The commands beside `run`, as an operator types them."""

import hashlib
import json
import re
import shutil
from datetime import datetime

from campaign.store.migrate import available
from lab.audio import contains_prompt
from lab.customers import Customer, number
from lab.demo import ZONE
from tests.e2e.scene import PROMPT, Scene


def test_migrate_twice_and_in_advance(scene: Scene) -> None:
    scene.lab.database.reset()
    dry = scene.ok("originator", "db", "migrate", "--dry-run")
    migrations = available().values()
    assert dry == "".join(f"would apply {each}\n" for each in migrations)
    assert scene.rows("SHOW TABLES LIKE 'overdue%%'") == []
    done = scene.ok("originator", "db", "migrate")
    assert done == "".join(f"applied {each}\n" for each in migrations)
    for options in ([], ["--dry-run"]):
        again = scene.ok("originator", "db", "migrate", *options)
        assert again == "our tables are up to date\n"


def test_plan_counts_everybody_with_the_reason(scene: Scene) -> None:
    day = str(datetime.now(ZONE).day)
    scene.insert(
        [
            Customer("Debe", number(0, "00"), day),
            Customer("Debe", number(1, "00"), day),
            Customer("Ya pagó", number(2, "00"), day, paid=1),
            Customer("No marcado", number(3, "00"), day, flag=0),
            Customer("Sin número", None, day),
            Customer("Corto", "300", day),
            Customer("Retirado", number(4, "00"), day, active=0),
        ]
    )
    campaign = scene.campaign()
    plan = json.loads(scene.ok("originator", "plan", campaign, "--json"))
    assert plan["customers"] == 7
    assert plan["selected"] == ["1", "2"]
    assert plan["skipped"] == {
        "nothing_owed": 1,
        "not_flagged": 1,
        "bad_number": 2,
        "outside_campaign": 1,
    }
    text = scene.ok("originator", "plan", campaign)
    assert "2 of 7 customers would be called" in text
    assert number(0, "00") not in text
    assert "minutes of calling on PJSIP/voip_issabel" in text
    assert "the last call ends" in text
    later = json.loads(
        scene.ok("originator", "plan", campaign, "--at", "2030-01-02 09:00", "--json")
    )
    assert later["at"] == "2030-01-02T09:00:00-05:00"
    assert later["forecast"]["starts_at"] == later["at"]
    assert "no number that can be called" in text
    assert "sin número al que se pueda" in text
    assert scene.calls() == []


def test_report_and_status_tell_of_the_last_run(scene: Scene) -> None:
    scene.customers("60", "60", "70", "51")
    campaign = scene.campaign()
    no_run = scene.command("report")
    assert (no_run.returncode, no_run.stdout) == (1, "")
    assert "there is no such run" in no_run.stderr

    run = scene.run()["run"]
    report = json.loads(scene.ok("originator", "report", "--json"))
    assert report["run"]["id"] == run
    assert report["run"]["stop_reason"] == "done"
    assert {attempt["customer_id"]: attempt["outcome"] for attempt in report["attempts"]} == {
        "1": "busy", "2": "busy", "3": "does_not_exist", "4": "hung_up_early",
    }  # fmt: skip
    text = scene.ok("originator", "report", "--run", run)
    assert f"run {run} of prueba" in text
    rows = [[cell.strip() for cell in line.split("│")[1:-1]] for line in text.splitlines()]
    assert ["busy", "ocupado", "person", "2", "50"] in [row[:5] for row in rows]
    assert ["does_not_exist", "el número no existe", "number", "1"] in [row[:4] for row in rows]
    assert ["all", "todas", "", "4"] in [row[:4] for row in rows]

    (only,) = json.loads(scene.ok("originator", "status", "--json"))["runs"]
    assert (only["id"], only["stop_reason"]) == (run, "done")
    assert "0 attempts are open" in scene.ok("originator", "status")
    assert scene.command("report", "--run", "nadie").returncode == 1
    assert json.loads(scene.ok("originator", "plan", campaign, "--json"))["selected"] == []


def test_call_plays_any_prompt_and_leaves_the_companys_rows_alone(scene: Scene) -> None:
    (listener,) = scene.customers("00")
    before = scene.rows("SELECT * FROM afiliados")
    campaign = scene.campaign({"prompt": "es_MX/morosos_natalia", "law": "co-ley-2300"})
    done = scene.command("call", f"+57 {listener}", "--campaign", campaign, "--prompt", PROMPT)
    assert done.returncode == 0, done.stderr
    assert re.fullmatch(r"delivered, 3\.3\d s heard\n", done.stdout)
    (call,) = scene.calls()
    assert call.number == listener
    recording = scene.lab.carrier.recording(call)
    assert recording is not None
    said = scene.lab.state / "sounds" / f"{PROMPT}.ulaw"
    assert contains_prompt(recording, said).score > 0.9
    assert scene.rows("SELECT * FROM afiliados") == before
    assert scene.command("report").returncode == 1


def test_sounds_play_rings_a_telephone_with_a_prompt_and_keeps_its_hash(scene: Scene) -> None:
    (listener,) = scene.customers("00")
    campaign = scene.campaign({"flow": "confirm", "law": "co-ley-2300"})
    done = scene.command("sounds", "play", PROMPT, listener, "--campaign", campaign)
    assert done.returncode == 0, done.stderr
    (call,) = scene.calls()
    assert scene.heard(call, PROMPT).score > 0.9
    (attempt,) = scene.rows("SELECT prompt, prompt_hash FROM overdue_attempt")
    built = (scene.lab.state / "sounds" / f"{PROMPT}.sln16").read_bytes()
    assert attempt == {"prompt": PROMPT, "prompt_hash": hashlib.sha256(built).hexdigest()}


def test_a_prompt_put_there_by_hand_has_no_hash(scene: Scene) -> None:
    scene.customers("00")
    sounds = scene.lab.pbx.directory / "data" / "sounds" / "es_MX"
    shutil.copy(sounds / "prueba.ulaw", sounds / "a_mano.ulaw")
    scene.run(prompt="es_MX/a_mano")
    (attempt,) = scene.rows("SELECT outcome, prompt_hash FROM overdue_attempt")
    assert attempt == {"outcome": "delivered", "prompt_hash": None}
    examined = scene.command("doctor", scene.campaign({"prompt": "es_MX/a_mano"}))
    assert "es_MX/a_mano was put on the PBX by hand, without its hash" in " ".join(
        examined.stdout.split()
    )


def test_call_that_is_not_delivered_is_a_failure(scene: Scene) -> None:
    busy = number(0, "60")
    done = scene.command("call", busy, "--campaign", scene.campaign())
    assert (done.returncode, done.stdout) == (1, "busy\n")


def test_call_refuses_what_it_cannot_dial_or_play(scene: Scene) -> None:
    campaign = ["--campaign", scene.campaign()]
    for wrong in ("300", "PJSIP/voip_issabel"):
        assert scene.command("call", wrong, *campaign).returncode == 2
    for wrong in ("../../etc/passwd", "es/x,OVERDUE_CALL_SECONDS=9", "a\r\nAction: Logoff"):
        done = scene.command("call", number(0, "00"), *campaign, "--prompt", wrong)
        assert done.returncode == 2
        assert "Invalid value for --prompt: allowed is a sound file" in done.stderr
    assert scene.calls() == []
