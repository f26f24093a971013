"""Measurements run by name; what a figure says of its limit decides how they end."""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.figure import Figure

MEASURE = Path(__file__).parent.parent / "benchmarks" / "measure.py"


def test_a_figure_keeps_its_limit_or_a_multiple_of_it() -> None:
    figure = Figure("wait", 30, "ms", 20)

    assert not figure.is_within()
    assert figure.is_within(1.5)
    assert Figure("shown only", 1e9, "s").is_within()


def test_one_measurement_gives_a_table_and_a_file_of_its_figures(tmp_path: Path) -> None:
    output = tmp_path / "measurements.json"

    ended = subprocess.run(
        [sys.executable, MEASURE, "waiting", "--short", f"--output={output}"],
        capture_output=True,
        text=True,
        check=False,
    )

    assert ended.stderr == ""
    assert ended.returncode in (0, 1)  # as the machine is
    (figure,) = json.loads(output.read_text())["figures"]
    assert figure["name"] in ended.stdout
    assert (figure["measurement"], figure["unit"], figure["limit"]) == ("waiting", "ms", 20)


def test_an_unknown_measurement_is_named_with_those_there_are() -> None:
    ended = subprocess.run(
        [sys.executable, MEASURE, "wating"], capture_output=True, text=True, check=False
    )

    assert ended.returncode == 2
    assert "unknown: wating; there are start, " in ended.stderr
