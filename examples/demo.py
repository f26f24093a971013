"""Runs `five_calls.py` against an emulator of its own, on a free port, and stops it again."""

import os
import subprocess
import sys
from pathlib import Path


def main() -> int:
    serve = [sys.executable, "-m", "emulator", "serve", "--port", "0", "--log-level", "warning"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout
        endpoint = server.stdout.readline().rpartition("://")[2].strip()
        try:
            environment = {**os.environ, "EMULATOR_ENDPOINT": endpoint}
            calls = [sys.executable, str(Path(__file__).with_name("five_calls.py"))]
            return subprocess.run(calls, env=environment, check=False).returncode
        finally:
            server.terminate()


if __name__ == "__main__":
    sys.exit(main())
