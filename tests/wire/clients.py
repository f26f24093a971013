"""HTTP clients as programs: each makes a list of calls, and returns the answers."""

import base64
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from contract_tests.signers import Wire
from tests.runtimes import runtime

HERE = Path(__file__).parent
PATIENCE_SECONDS = 120
# Clients say these themselves; Java refuses to be told.
_OWN = ("host", "content-length", "connection")


@dataclass(frozen=True)
class Reply:
    status: int
    body: bytes


Client = Callable[[str, Sequence[Wire]], list[Reply]]
"""Sends requests to an endpoint, one after another."""


def java(endpoint: str, wires: Sequence[Wire]) -> list[Reply]:
    return _run(
        [runtime("java"), "-XX:TieredStopAtLevel=1", str(HERE / "Calls.java")], endpoint, wires
    )


def node(endpoint: str, wires: Sequence[Wire]) -> list[Reply]:
    return _run([runtime("node"), str(HERE / "calls.mjs")], endpoint, wires)


def curl(*options: str) -> Client:
    def client(endpoint: str, wires: Sequence[Wire]) -> list[Reply]:
        return [_curl(options, endpoint, wire) for wire in wires]

    return client


CLIENTS: Mapping[str, Client] = {
    "java.net.http.HttpClient": java,
    "curl --http2": curl("--http2"),
    "curl": curl(),
    "curl --http1.0": curl("--http1.0"),
    "node fetch (undici)": node,
}


def _run(command: Sequence[str], endpoint: str, wires: Sequence[Wire]) -> list[Reply]:
    lines = "".join(_line(endpoint, wire) for wire in wires)
    done = subprocess.run(
        command,
        input=lines,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answers = (line.split("\t") for line in done.stdout.splitlines())
    return [Reply(int(status), base64.b64decode(body)) for status, body in answers]


def _line(endpoint: str, wire: Wire) -> str:
    body = base64.b64encode(wire.body).decode()
    headers = (part for line in _headers(wire) for part in line)
    return "\t".join([wire.method, f"http://{endpoint}{wire.target}", body, *headers]) + "\n"


def _headers(wire: Wire) -> list[tuple[str, str]]:
    return [line for line in wire.headers.items() if line[0] not in _OWN]


def refused(url: str, *options: str) -> str:
    """Call by curl what cannot be answered, and return what curl says of it."""
    # The plugin's fixtures set NO_PROXY, by which curl would not go through the proxy of its flags.
    always = ["--silent", "--show-error", "--max-time", "60", "--noproxy", ""]
    done = subprocess.run(
        [runtime("curl"), *always, *options, url],
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode != 0
    return done.stderr


def _curl(options: Sequence[str], endpoint: str, wire: Wire) -> Reply:
    headers = [part for name, value in _headers(wire) for part in ("--header", f"{name}: {value}")]
    done = subprocess.run(
        [
            *(runtime("curl"), "--silent", "--show-error", "--request", wire.method, *options),
            *(*headers, "--data-binary", "@-", "--write-out", "\n%{http_code}"),
            f"http://{endpoint}{wire.target}",
        ],
        input=wire.body,
        capture_output=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()
    body, _, status = done.stdout.rpartition(b"\n")
    return Reply(int(status), body)
