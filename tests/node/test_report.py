"""The report of a failing test in Node.js, by each test runner, and beside the pytest plugin's."""

import http.client
import json
from datetime import UTC, datetime

import pytest

from contract_tests.signers import Signer
from emulator.client import Namespace, Receiver, Server, failure, receiving
from tests.node.running import run_node

SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}
RUNNERS = {
    "node:test": ["--test", "test/reports/with-node.js"],
    "vitest": [
        "node_modules/vitest/vitest.mjs",
        "run",
        "--config=test/reports/vitest.config.js",
    ],
    "jest": [
        "--experimental-vm-modules",
        "node_modules/jest/bin/jest.js",
        "--config=test/reports/jest.config.json",
    ],
}


@pytest.mark.parametrize("runner", RUNNERS)
def test_a_failing_test_shows_what_was_refused_and_what_was_sent(runner: str) -> None:
    run = run_node(*RUNNERS[runner])

    said = [line.strip() for line in f"{run.stdout}\n{run.stderr}".splitlines()]
    assert run.returncode == 1, said
    assert "Whiteboard.Width: 2561 is over the maximum 2560" in said
    assert "attempt 1 at 00:00:02: answered 200" in said
    assert "the clock is held at 00:01:00" in said
    (refused,) = {line for line in said if " refused: " in line}
    assert refused.startswith("tencent CreateSnapshotTask refused: InvalidParameter: The value")
    # The namespace is named after the test.
    assert any("emulator: requests of a-snapshot-calls-back-" in line for line in said)


def test_a_test_that_its_runner_stops_shows_the_report_too() -> None:
    run = run_node("--test", "test/reports/with-node-stopped.js")

    assert run.returncode == 1, run.stdout
    assert "emulator: requests of a-test-that-waits-for-ever-" in run.stdout
    assert "finish of tiw.snapshot" in run.stdout


def test_the_report_in_node_reads_as_that_of_pytest(emulator_server: Server) -> None:
    with (
        receiving() as receiver,
        emulator_server.create(
            "story", clock="manual", now="2030-01-01T00:00:00Z", callback_url=receiver.url
        ) as emulator,
    ):
        make_a_story(emulator, receiver)

        run = run_node("test/reports/print.js", emulator.name, EMULATOR_URL=emulator_server.url)
        expected = failure.sections(emulator_server, emulator)

    shown = [(each["title"], each["text"]) for each in json.loads(run.stdout or "[]")]
    assert shown == expected, run.stderr
    titles = [title.partition(" of ")[0] for title, _ in shown]
    assert titles[:2] == ["emulator: requests", "emulator: callbacks"]
    assert "emulator: conduct" in titles


def make_a_story(emulator: Namespace, receiver: Receiver) -> None:
    """Have calls of every kind: accepted, refused, unread, struck, unverified, and too many."""
    call(emulator, SNAPSHOT)
    emulator.clock.advance(60.25)
    receiver.answer(status=500, times=1)
    call(emulator, SNAPSHOT | {"Unknown": 'it\'s "so"\n'})
    call(emulator, SNAPSHOT | {"Large": 2**64 - 1})
    emulator.clock.advance(10)
    emulator.add_rules({"fault": "throttle", "times": 1})
    for width in range(2560, 2570):
        call(emulator, SNAPSHOT | {"Whiteboard": {"Width": width}})
    call(emulator, SNAPSHOT | {"ChatGroup": "x" * 300})
    call(emulator, SNAPSHOT, secret="another")
    for _ in range(12):
        emulator.clock.advance(1)
        call(emulator, {"SdkAppId": 1400000001, "TaskID": "none"}, "DescribeSnapshotTask")


def call(
    emulator: Namespace,
    parameters: dict[str, object],
    action: str = "CreateSnapshotTask",
    secret: str = "",
) -> None:
    key = emulator.key("tencent")
    signer = Signer(emulator.endpoint, datetime.now(UTC), key.id, secret or key.secret)
    wire = signer.tencent_v3(action, "2019-09-19", parameters)
    connection = http.client.HTTPConnection(emulator.endpoint, timeout=10)
    connection.request(wire.method, wire.target, wire.body, dict(wire.headers))
    connection.getresponse().read()
    connection.close()
