"""The administration, over a socket."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from contract_tests.signers import Wire
from tests.server import Answer, Running, running


@pytest.fixture
def emulator() -> Any:
    with running() as server:
        yield server


def ask(server: Running, method: str, path: str, content: object = None) -> Answer:
    body = b"" if content is None else json.dumps(content).encode()
    return server.send(Wire(method, f"/_emulator{path}", {"host": server.endpoint}, body))


def test_the_clock_is_real_until_it_is_held(emulator: Running) -> None:
    before = ask(emulator, "GET", "/clock").content
    held = ask(emulator, "PUT", "/clock", {"now": "2030-01-01T00:00:00+08:00"}).content
    released = ask(emulator, "PUT", "/clock", {"mode": "real"}).content

    assert before["mode"] == released["mode"] == "real"
    assert held == {"mode": "manual", "now": "2029-12-31T16:00:00Z"}
    now = datetime.now(UTC)
    assert abs(datetime.fromisoformat(released["now"]) - now) < timedelta(seconds=10)


def test_advancing_moves_a_held_clock_by_just_that_much(emulator: Running) -> None:
    ask(emulator, "PUT", "/clock", {"now": "2030-01-01T00:00:00Z"})

    moved = ask(emulator, "POST", "/clock/advance", {"seconds": 90.5}).content

    assert moved == {"mode": "manual", "now": "2030-01-01T00:01:30.500000Z", "events": 0}


@pytest.mark.parametrize(
    ("method", "path", "content"),
    [
        ("PUT", "/clock", {"mode": "lunar"}),
        ("PUT", "/clock", {"mode": "real", "now": "2030-01-01T00:00:00Z"}),
        ("PUT", "/clock", {"now": "tomorrow"}),
        ("PUT", "/clock", {"now": "2030-01-01T00:00:00"}),
        ("PUT", "/clock", {"now": "0001-01-01T00:00:00+14:00"}),
        ("PUT", "/clock", {"tick": 1}),
        ("PUT", "/clock", []),
        ("POST", "/clock/advance", {}),
        ("POST", "/clock/advance", {"seconds": -1}),
        ("POST", "/clock/advance", {"seconds": "60"}),
        ("POST", "/clock/advance", {"seconds": True}),
        ("POST", "/clock/advance", {"seconds": 1e12}),
    ],
)
def test_what_the_clock_cannot_do_is_a_problem_document(
    emulator: Running, method: str, path: str, content: object
) -> None:
    answer = ask(emulator, method, path, content)

    assert answer.status == 400
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.content.keys() == {"type", "title", "status", "detail"}


def test_an_unknown_route_is_told_with_the_nearest(emulator: Running) -> None:
    answer = ask(emulator, "GET", "/helth")

    assert answer.status == 404
    assert answer.content["detail"] == (
        "there is no 'GET /_emulator/helth'; did you mean 'GET /_emulator/health'? "
        "GET /_emulator/openapi.json lists all routes"
    )


def test_the_sink_keeps_what_it_gets_by_path(emulator: Running) -> None:
    ask(emulator, "POST", "/sink/a/b", {"n": 1})
    ask(emulator, "POST", "/sink/other", {"n": 2})

    received = ask(emulator, "GET", "/sink/a").content["received"]

    assert [(got["path"], json.loads(got["body"])) for got in received] == [("a/b", {"n": 1})]


def test_a_result_nobody_made_is_answered_as_object_storage_does(emulator: Running) -> None:
    answer = ask(emulator, "GET", "/results/bucket/no<&>thing.png")

    assert answer.status == 404
    assert b"<Code>NoSuchKey</Code>" in answer.body
    assert b"no&lt;&amp;&gt;thing.png" in answer.body


def test_a_video_that_nobody_promised_is_no_file(emulator: Running) -> None:
    answer = ask(emulator, "GET", "/results/bucket/lesson.mp4")

    assert answer.status == 404
    assert b"<Code>NoSuchKey</Code>" in answer.body


@pytest.mark.parametrize("name", ["nothing.png", "lesson.mp4"])
def test_a_head_of_a_result_is_its_answer_without_the_body(emulator: Running, name: str) -> None:
    got, head = (ask(emulator, method, f"/results/bucket/{name}") for method in ("GET", "HEAD"))

    assert (head.status, head.body) == (got.status, b"")
    assert head.headers["content-length"] == str(len(got.body))


def test_a_scene_can_be_set(emulator: Running) -> None:
    streams = [{"place": "rtc/app/room", "user": "ann", "ends_at": "2030-01-01T00:00:00Z"}]

    answer = ask(emulator, "PUT", "/scene", {"streams": streams})

    assert answer.status == 204


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ({"streams": [{"user": "ann"}]}, "body: streams.0: missing key 'place'"),
        (
            {"streams": [{"place": "tiw/1/2", "usr": "ann"}]},
            "streams.0: unknown key 'usr', did you mean 'user'?",
        ),
        (
            {"streams": [{"place": "tiw/1/2", "user": "ann", "width": -1}]},
            "body: streams.0.width: expected 'int' >= 0",
        ),
        (
            {"streams": [{"place": "tiw/1/2", "ends_at": "2030-01-01T00:00:00Z"}]},
            "body: streams.0: 'ends_at' needs 'user', who publishes it; without it nobody does",
        ),
        (
            {"marks": [{"place": "tiw/1/2", "page": "1", "set_at": "noon"}]},
            "body: marks.0.set_at: invalid RFC3339 encoded datetime",
        ),
        (
            {"streams": [{"place": "xyz/abc", "user": "ann"}]},
            "body: streams.0: 'place' must be like rtc/<AppId>/<RoomId> or live/",
        ),
        (
            {"marks": [{"place": "rtc/app/room", "page": "1"}]},
            "body: marks.0: 'place' must be like tiw/<SdkAppId>/<RoomId>, not 'rtc/app/room'",
        ),
        (
            {
                "streams": [
                    {
                        "place": "rtc/app/room",
                        "user": "ann",
                        "begins_at": "2030-01-01T00:00:01Z",
                        "ends_at": "2030-01-01T00:00:00Z",
                    }
                ]
            },
            "body: streams.0: 'ends_at' must not be before 'begins_at'",
        ),
        ({"marks": {}}, "body: marks: expected 'array', got 'object'"),
    ],
)
def test_a_scene_that_cannot_be_meant_is_refused_with_the_key(
    emulator: Running, content: object, complaint: str
) -> None:
    answer = ask(emulator, "PUT", "/scene", content)

    assert answer.status == 400
    assert complaint in answer.content["detail"]
