"""What the bench says of its figures."""

import os
import subprocess
import sys
import wave
from pathlib import Path

import pytest

from lab.bench.calls import Made
from lab.bench.cpu import cpu_seconds, own_seconds
from lab.bench.measure import Delays, Figures
from lab.bench.report import ratio, tables, verdicts
from lab.bench.tone import write_tone


def figures(whole: list[float], bare: list[float], p99: float = 20.0) -> Figures:
    return Figures(
        rounds={
            "whole system": [
                Made(rate, {"originator": 4.0, "database": 3.0}, place * 2.0)
                for place, rate in enumerate(whole)
            ],
            "bare Playback": [Made(rate, {"database": 0.0}) for rate in bare],
        },
        delays={
            "whole system": Delays(400, 5.0, 10.0, p99, 0),
            "bare Playback": Delays(400, 4.0, 8.0, 9.0, 0),
        },
    )


def test_the_ratio_is_that_of_the_medians() -> None:
    assert ratio(figures([10.0, 70.0, 90.0], [100.0, 200.0, 50.0])) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("whole", "words"),
    [(90.0, "0.90 of bare Playback (aim 0.9, least 0.6): aim met"),
     (89.0, "least met, aim MISSED"), (60.0, "least met, aim MISSED"), (59.0, "): MISSED")],
)  # fmt: skip
def test_throughput_verdict(whole: float, words: str) -> None:
    throughput, _ = verdicts(figures([whole], [100.0]))
    assert throughput.endswith(words)


@pytest.mark.parametrize(("p99", "word"), [(60.0, "met"), (60.1, "MISSED")])
def test_audio_verdict(p99: float, word: str) -> None:
    _, audio = verdicts(figures([1.0], [1.0], p99))
    assert audio.endswith(f": {word}")


def test_the_share_of_the_fallback_is_told() -> None:
    throughput, *_ = tables(figures([1.0, 2.0], [1.0]))
    assert [list(column.cells)[-1] for column in throughput.columns] == [
        "by the dialplan alone", "1.0 %", "-",
    ]  # fmt: skip


def test_a_part_that_one_way_does_not_have_is_a_dash() -> None:
    _, cpu, _ = tables(figures([1.0, 2.0], [1.0]))
    assert [list(column.cells) for column in cpu.columns] == [
        ["originator", "database"],
        ["4.00", "3.00"],
        ["-", "0.00"],
    ]


def test_cpu_time_is_user_and_system_with_those_of_ended_children() -> None:
    stat = "7 (a) b) S 1 1 1 0 -1 0 0 0 0 0 100 20 3 4 20 0"
    assert own_seconds(stat) == pytest.approx(127 / os.sysconf("SC_CLK_TCK"))


def test_cpu_time_counts_children_that_still_run() -> None:
    burn = "import time\nwhile time.process_time() < 0.3: pass\n"
    child = f"{burn}print(flush=True)\ninput()"
    script = f"import subprocess, sys\nsubprocess.run([sys.executable, '-c', {child!r}])"
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        assert process.stdout is not None
        process.stdout.readline()
        assert cpu_seconds(process.pid) >= 0.25
        process.communicate(b"\n")


def test_the_tone_is_loud_within_its_first_packet(tmp_path: Path) -> None:
    write_tone(tmp_path / "bench" / "short.wav", 0.5)
    with wave.open(str(tmp_path / "bench" / "short.wav")) as file:
        assert file.getnframes() == file.getframerate() // 2
        packet = memoryview(file.readframes(file.getframerate() // 50)).cast("h")
    assert max(packet) > 15_000
