"""The benchmark runs, whatever the machine; its numbers are for people to judge."""

import json
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).parent.parent / "benchmarks" / "bench.py"


def test_a_glance_at_the_speed_gives_a_table_and_a_file_of_its_shape(tmp_path: Path) -> None:
    output = tmp_path / "results.json"

    ended = subprocess.run(
        [sys.executable, BENCH, "--quick", f"--output={output}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert ended.stderr == ""
    assert ended.returncode in (0, 1)  # as the ratio is
    results = json.loads(output.read_text())
    assert set(results) == {"machine", "settings", "start", "rows", "rules", "delivery"}
    assert list(results["rows"]) == [
        "Tencent CreateSnapshotTask",
        "Alibaba SubmitSnapshotJob",
        "Volcengine StartSnapshot",
    ]
    for name, row in results["rows"].items():
        assert name in ended.stdout
        assert len(row["emulator"]) == len(row["bare"]) == len(row["ratios"]) == 1
        assert all(side["per_second"] > 0 for side in (*row["emulator"], *row["bare"]))
        assert row["ratio"] > 0
    assert list(results["rules"]) == [
        "100 rules for other actions",
        "10 rules for this action",
    ]
    for name, row in results["rules"].items():
        assert f"{name}: " in ended.stdout
        assert len(row["per_cpu_second"]) == len(row["without"]) == 1
    assert results["delivery"]["tasks"] == 20
    assert results["delivery"]["per_second"] > 0
    assert "Tasks through to delivered callback" in ended.stdout
    assert results["start"]["seconds_to_health"][0] > 0
    assert results["start"]["resident_bytes"][0] > 0
