"""What a test is told of how its client behaved."""

from collections.abc import Iterator

import pytest
from tencentcloud.common.exception import TencentCloudSDKException

from emulator.client import Namespace, Server, sdk
from emulator.client.failure import sections
from tests.server import Running

SNAPSHOT = {"SdkAppId": 1400000001, "RoomId": 12345, "Whiteboard": {"Width": 640}}
WRONG = {**SNAPSHOT, "Whiteboard": {"Width": 2561}}


@pytest.fixture
def here(server: Running) -> Iterator[Server]:
    with Server(f"http://{server.endpoint}") as here:
        yield here


@pytest.fixture
def namespace(here: Server) -> Iterator[Namespace]:
    with here.create(clock="manual") as namespace:
        yield namespace


def misbehave(namespace: Namespace) -> None:
    for _ in range(6):
        with pytest.raises(TencentCloudSDKException):
            sdk.tiw(namespace).call_json("CreateSnapshotTask", WRONG)


def test_a_client_that_behaves_passes(namespace: Namespace) -> None:
    sdk.tiw(namespace).call_json("CreateSnapshotTask", SNAPSHOT)

    namespace.assert_good_conduct()

    assert namespace.conduct() == []


def test_one_that_does_not_fails_with_what_it_did_and_what_to_do(namespace: Namespace) -> None:
    misbehave(namespace)

    with pytest.raises(AssertionError) as caught:
        namespace.assert_good_conduct()

    ids = [request.request_id for request in namespace.requests()]
    title, sentence, advice, seen = str(caught.value).splitlines()
    assert title == "1 finding of conduct:"
    assert sentence == (
        "retry-hopeless (error): tencent CreateSnapshotTask was called 5 times more after "
        "InvalidParameter, which no retry mends"
    )
    assert advice == (
        "    Stop, and report the code: change the call, the key or the account, or set the clock."
    )
    assert seen == f"    seen in {', '.join(ids[:4])} and 2 more"


def test_rules_can_be_overlooked(namespace: Namespace) -> None:
    misbehave(namespace)

    namespace.assert_good_conduct(but=["retry-hopeless"])


def test_the_report_of_a_failing_test_tells_the_findings(
    here: Server, namespace: Namespace
) -> None:
    misbehave(namespace)

    *_, (title, text) = sections(here, namespace)

    assert title == f"emulator: conduct of {namespace.name}"
    assert text.startswith("retry-hopeless (error): tencent CreateSnapshotTask was called")
