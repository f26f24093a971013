"""What the report of a failing test tells of its namespace."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from emulator.client import Namespace, Server, sdk
from emulator.client.failure import sections
from tests.server import running

SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}


@pytest.fixture
def here() -> Iterator[Server]:
    with running() as server, Server(f"http://{server.endpoint}") as here:
        yield here


@pytest.fixture
def namespace(here: Server) -> Namespace:
    return here.create("mine", clock="manual", calls_per_second={"CreateSnapshotTask": 100})


def test_of_a_test_that_did_nothing_there_is_nothing_to_tell(
    here: Server, namespace: Namespace
) -> None:
    assert sections(here, namespace) == [
        (
            "emulator: requests of mine",
            f"none came to {here.endpoint} with a key of this namespace",
        ),
        ("emulator: callbacks of mine", "none was due"),
    ]


def test_of_many_requests_the_newest_are_told(here: Server, namespace: Namespace) -> None:
    client = sdk.tiw(namespace)
    for _ in range(22):
        client.call_json("CreateSnapshotTask", SNAPSHOT)

    (_, requests), *_ = sections(here, namespace)

    first, *others = requests.splitlines()
    assert first == "… 2 before"
    assert len(others) == 20 * 2


def test_a_request_is_told_with_its_answer(here: Server, namespace: Namespace) -> None:
    answer = sdk.tiw(namespace).call_json("CreateSnapshotTask", SNAPSHOT)

    (_, requests), *_ = sections(here, namespace)

    asked, got = requests.splitlines()
    assert asked.startswith("tencent CreateSnapshotTask accepted {")
    assert got.startswith(f'    answered {{"Response":{{"TaskID":"{answer["Response"]["TaskID"]}"')


def test_what_the_clock_keeps_back_is_told(here: Server, namespace: Namespace) -> None:
    namespace.clock.hold(datetime(2030, 1, 1, 12, tzinfo=UTC))
    task = sdk.tiw(namespace).call_json("CreateSnapshotTask", SNAPSHOT)["Response"]["TaskID"]

    *_, (title, text) = sections(here, namespace)

    assert title == "emulator: to come in mine"
    assert text.splitlines() == [
        "the clock is held at 12:00:00",
        f"in 2 s: finish of tiw.snapshot {task}",
    ]


def test_what_cannot_be_asked_is_told(here: Server, namespace: Namespace) -> None:
    namespace.delete()

    ((title, text),) = sections(here, namespace)

    assert title == "emulator: mine"
    assert "there is no namespace 'mine'" in text
