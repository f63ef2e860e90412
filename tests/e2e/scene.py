"""What an end-to-end test arranges, and the two records that it compares."""

import json
import os
import signal
import subprocess
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pymysql
import yaml

from lab import Lab, customers, product, records
from lab.audio import Match, contains_prompt
from lab.calls import CarrierCall
from lab.customers import Customer
from lab.demo import ZONE
from lab.verify import AttemptRow, find_mismatches
from lab.waiting import wait_until

PROMPT = "es_MX/prueba"
"""The lab's short prompt, 3.7 s."""
PROMPT_SECONDS = 3.33
PAID_PROMPT = "es_MX/gracias"
"""The lab's short thank-you."""
DELIVERED_AFTER = 2.0

Row = dict[str, Any]


class Scene:
    """One test's company, campaign and calls on the session's lab."""

    def __init__(self, lab: Lab, directory: Path) -> None:
        self.lab = lab
        self.directory = directory
        self._started: list[subprocess.Popen[bytes]] = []

    def clear(self) -> None:
        """Empty tables, records and journal; a FastAGI server that runs."""
        self.lab.database.reset()
        self.lab.carrier.reset()
        self.lab.pbx.cli("database deltree overdue")
        self.ok("originator", "db", "migrate")
        if self.lab.fastagi.pid is None:
            product.start_fastagi(self.lab)

    def leave(self) -> None:
        """End what the test started, and its calls."""
        for process in self._started:
            process.kill()
            process.wait()
        self.lab.pbx.cli("channel request hangup all")
        assert wait_until(lambda: not self.calls_up(), 15)

    def customers(self, *endings: str, **columns: Any) -> list[str]:
        """Insert a customer due today for each ending of a number; returns the numbers."""
        numbers = [customers.number(place, ending) for place, ending in enumerate(endings)]
        today = str(datetime.now(ZONE).day)
        people = [Customer(f"Cliente {number}", number, today) for number in numbers]
        self.insert([replace(one, **columns) for one in people])
        return numbers

    def insert(self, people: Sequence[Customer]) -> None:
        """Insert customers as they are given."""
        with self.lab.database.connect() as connection:
            customers.insert(connection, people)

    def campaign(self, changes: Mapping[str, Any] | None = None) -> str:
        """Write a campaign file with short times; ``changes``: keys to set or sections to amend,
        ``trunk`` amends the only one."""
        content: dict[str, Any] = {
            "campaign": "prueba",
            "law": "none",
            "prompt": PROMPT,
            "paid_prompt": PAID_PROMPT,
            "numbers": {"kinds": ["mobile"]},
            "trunks": [{"calls_per_second": 10, "max_calls": 40}],
            "timing": {
                "ring_seconds": 15,
                "call_seconds": 30,
                "delivered_after_seconds": DELIVERED_AFTER,
            },
            "source": {"where": {"activo": 1, "eliminar": 0}},
        }
        for key, value in (changes or {}).items():
            if key == "trunk":
                content["trunks"] = [{**content["trunks"][0], **value}]
            elif isinstance(value, Mapping):
                content[key] = {**content.get(key, {}), **value}
            else:
                content[key] = value
        file, text = self.directory / "campaign.yaml", yaml.safe_dump(content)
        # Another run may be reading it: what is there already is not written again.
        if not file.exists() or file.read_text() != text:
            file.write_text(text)
        return str(file)

    def ok(self, program: str, *arguments: str) -> str:
        """Run one of our commands; it must succeed. Returns what it printed."""
        done = product.run(self.lab, program, *arguments)
        assert done.returncode == 0, done.stderr + done.stdout
        return done.stdout

    def command(
        self, *arguments: str, environment: Mapping[str, str | None] | None = None
    ) -> "subprocess.CompletedProcess[str]":
        """Run ``originator`` to any end; ``environment``: what to change, None: to leave out."""
        variables = {**os.environ, **self.lab.env(), **(environment or {})}
        return subprocess.run(
            [str(product.BIN / "originator"), *arguments],
            env={name: value for name, value in variables.items() if value is not None},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    def run(self, *arguments: str, **changes: Any) -> Row:
        """`originator run` to its end; returns its JSON."""
        output = self.ok("originator", "run", self.campaign(changes), "--json", *arguments)
        summary: Row = json.loads(output)
        return summary

    def start(self, program: str, *arguments: str) -> "subprocess.Popen[bytes]":
        """Start one of our commands; its output goes to ``<program>.log`` of the test."""
        log = self.directory / f"{program}.log"
        process = product.start(self.lab, program, *arguments, log=log)
        self._started.append(process)
        return process

    def start_run(
        self,
        environment: Mapping[str, str] | None = None,
        *options: str,
        name: str = "run",
        **changes: Any,
    ) -> "BackgroundRun":
        """Start `originator run`; ``environment``: variables in place of the lab's.

        ``options``: of the command; ``name``: of its files, where several run at once.
        """
        run = BackgroundRun(self.directory / f"{name}.json", self.directory / f"{name}.log")
        arguments = ("--log-file", str(run.log), "run", self.campaign(changes), "--json", *options)
        run.process = product.start(
            self.lab, "originator", *arguments, log=run.output, environment=environment
        )
        self._started.append(run.process)
        return run

    def wait_for_calls_up(self, count: int) -> None:
        """Wait until so many calls are up at the carrier."""
        assert wait_until(lambda: self.calls_up() >= count, 20), self.calls_up()

    def wait_for_ended(self, count: int) -> None:
        """Wait until so many calls have ended at the carrier."""
        assert wait_until(lambda: len(self.calls()) >= count, 30), len(self.calls())

    def wait_for_answered(self, count: int) -> None:
        """Wait until so many calls are on the answered leg, which plays to them."""
        assert wait_until(
            lambda: (
                self.lab.pbx.cli("core show channels concise").count("!overdue-message!") >= count
            ),
            20,
        )

    def heard(self, call: CarrierCall, prompt: str = PROMPT) -> Match:
        """How much of a prompt the customer heard."""
        recording = self.lab.carrier.recording(call)
        assert recording is not None
        return contains_prompt(recording, self.lab.state / "sounds" / f"{prompt}.ulaw")

    def heard_it_all(self, call: CarrierCall) -> bool:
        """Whether the customer heard the whole prompt, in one piece."""
        match = self.heard(call)
        return match.score > 0.8 and match.coverage_seconds > PROMPT_SECONDS - 0.7

    def calls(self) -> list[CarrierCall]:
        """The carrier's record: calls that have ended."""
        return self.lab.carrier.calls()

    def calls_up(self) -> int:
        """Channels that are up at the carrier."""
        answer = self.lab.carrier.cli("core show channels count")
        return int(answer.split(" active channel")[0].split()[-1])

    def attempts(self) -> list[AttemptRow]:
        """Our attempts, read without the product."""
        with self.lab.database.connect() as connection:
            return records.attempts(connection)

    def rows(self, sql: str, *values: object) -> list[Row]:
        """Rows of any query, as the administrator."""
        with self.lab.database.connect() as connection:
            cursor = connection.cursor(pymysql.cursors.DictCursor)
            cursor.execute(sql, values)
            connection.commit()
            return list(cursor.fetchall())

    def outcomes(self) -> dict[str, str]:
        """Number to outcome, of a test in which each number has one attempt."""
        return {attempt.number: attempt.outcome for attempt in self.attempts()}

    def mismatches(self) -> list[str]:
        """Where the carrier's record and the database disagree."""
        return find_mismatches(self.calls(), self.attempts(), DELIVERED_AFTER)

    @staticmethod
    def now() -> float:
        """The clock of the carrier's record, epoch seconds."""
        return time.time()

    def journal(self) -> dict[str, str]:
        """What the PBX's journal still holds."""
        lines = self.lab.pbx.cli("database show overdue").splitlines()
        entries = [line.split(":", 1) for line in lines if line.startswith("/overdue/")]
        return {key.strip().removeprefix("/overdue/"): value.strip() for key, value in entries}

    def fastagi_workers(self) -> list[int]:
        """Pids of the FastAGI server's worker processes."""
        pid = self.lab.fastagi.pid
        assert pid is not None
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text()
        return [int(child) for child in children.split()]

    def pass_ten_minutes(self) -> None:
        """Leases, deadlines and the pause after a failure are over."""
        for sql in (
            "UPDATE overdue_run SET heartbeat_at = heartbeat_at - INTERVAL 10 MINUTE",
            "UPDATE overdue_attempt SET claimed_at = claimed_at - INTERVAL 10 MINUTE,"
            " deadline_at = deadline_at - INTERVAL 10 MINUTE,"
            " ended_at = ended_at - INTERVAL 10 MINUTE"
            " WHERE is_open = 1 OR outcome = 'not_placed'",
        ):
            self.rows(sql)

    def kill_pbx(self) -> None:
        """End Asterisk as a crash does; its calls stay up at the carrier for a while."""
        self.lab.pbx.process.signal(signal.SIGKILL)
        self.lab.pbx.process.wait_ended()

    def start_pbx(self) -> None:
        """Start Asterisk again, with the journal as it was left."""
        self.lab.pbx.start()
        self.lab.pbx.wait_booted()

    def restart_database(self, environment: Mapping[str, str] | None = None) -> None:
        """Start the database again after its end; its data are as they were."""
        self.lab.database.start(environment)
        self.lab.database.wait_ready(self.lab.env()["MYSQL_PASSWORD"])

    def stop_fastagi(self) -> None:
        """End the FastAGI server as an operator does."""
        self.lab.fastagi.signal(signal.SIGTERM)
        self.lab.fastagi.wait_ended()

    def start_fastagi(self, *options: str, environment: Mapping[str, str] | None = None) -> None:
        """Start it again; ``environment``: variables in place of the lab's."""
        product.start_fastagi(self.lab, *options, environment=environment)


@dataclass
class BackgroundRun:
    """An `originator run` that goes on while the test does something to it."""

    output: Path
    log: Path
    process: "subprocess.Popen[bytes]" = field(init=False)

    def exit_code(self, seconds: float = 60) -> int:
        """Wait for its end."""
        return self.process.wait(seconds)

    def summary(self) -> Row:
        """What it printed at its end: the JSON, and nothing else."""
        summary: Row = json.loads(self.output.read_text())
        return summary


def continue_process(pid: int) -> None:
    """Let a stopped process go on."""
    os.kill(pid, signal.SIGCONT)
