"""Runs five whole flows with the vendors' SDKs, against an emulator of its own on a free port."""

import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from examples.flows import ice, live, rtc, tiw
from examples.flows.receiver import Place, Row

FLOWS: dict[str, Callable[[Place], Row]] = {
    "TIW CreateSnapshotTask": tiw.snapshot,
    "TIW CreateVideoGenerationTask": tiw.video_generation,
    "Live CreateScreenshotTask": live.screenshot,
    "ICE SubmitSnapshotJob": ice.snapshot_job,
    "RTC StartSnapshot": rtc.snapshot,
}
TITLES = Row("task", "states seen", "callback verified", "picture fetched")


def attempt(name: str, place: Place) -> tuple[bool, Row]:
    """Run one flow; whatever goes wrong in it is told in its row."""
    try:
        return True, FLOWS[name](place)
    except Exception as error:
        return False, Row(
            name, "FAILED", "no", " ".join(f"{type(error).__name__}: {error}".split())
        )


def main() -> int:
    folder = Path(tempfile.mkdtemp(prefix="emulator-demo-"))
    serve = [sys.executable, "-m", "emulator", "serve", "--port=0", "--clock=real"]
    with subprocess.Popen(
        [*serve, "--log-level=warning"], stdout=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout
        try:
            endpoint = server.stdout.readline().rpartition("://")[2].strip()
            place = Place(endpoint, folder)
            with ThreadPoolExecutor(len(FLOWS)) as pool:
                done = list(pool.map(lambda name: attempt(name, place), FLOWS))
        finally:
            server.terminate()
    rows = [TITLES, *(row for _, row in done)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        print("  ".join(map(str.ljust, row, widths)).rstrip())
    print(f"Pictures are in {folder}")
    return 0 if all(is_good for is_good, _ in done) else 1


if __name__ == "__main__":
    sys.exit(main())
