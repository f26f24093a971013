"""Callbacks, shown, filtered and sent again; and what came to the sink of a namespace."""

import json
import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote

import pytest
import trustme

from emulator.client.received import Received
from emulator.client.receiver import receiving
from tests.web.bench import SNAPSHOT, Bench, Space, benches


@pytest.fixture
def called(space: Space) -> Space:
    """Return a namespace with the callbacks of two tasks, delivered to its sink."""
    for _ in range(2):
        space.snapshot()
    space.post("/clock/advance", {"seconds": 60})
    return space


def test_a_callback_shows_what_was_sent_and_every_attempt(called: Space) -> None:
    first, second = called.get("/callbacks")["callbacks"]

    assert [first["number"], second["number"]] == [1, 2]
    assert first["state"] == "delivered"
    assert first["content"]["EventType"] == first["event"] == "SnapshotFinished"
    assert [attempt["status"] for attempt in first["attempts"]] == [200]
    assert called.get(f"/callbacks/{first['id']}") == first


def test_an_attempt_shows_what_was_on_the_wire(called: Space) -> None:
    callback = called.get("/callbacks")["callbacks"][0]
    (attempt,) = callback["attempts"]

    received = called.get("/sink/cb")["received"][0]["headers"]

    headers = [(name.lower(), value) for name, value in attempt["headers"]]
    assert headers == list(received.items())
    assert headers[0][0] == "host"
    assert attempt["request"].startswith("POST /_emulator/")
    assert callback["url"].startswith(f"http://{attempt['address']}/")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("vendor=tencent", [1, 2]),
        ("vendor=alibaba", []),
        ("event=SnapshotFinished", [1, 2]),
        ("event=OnlineRecordStarted", []),
        ("state=delivered", [1, 2]),
        ("state=pending", []),
        ("after=1", [2]),
        ("limit=1", [2]),
        ("task=nobodys", []),
    ],
)
def test_callbacks_are_filtered_and_the_newest_shown(
    called: Space, query: str, numbers: list[int]
) -> None:
    shown = called.get(f"/callbacks?{query}")["callbacks"]

    assert [callback["number"] for callback in shown] == numbers


def test_a_callback_is_found_by_its_task(called: Space) -> None:
    task = called.get("/tasks")["tasks"][1]["id"]

    shown = called.get(f"/callbacks?task={task}")["callbacks"]

    assert [callback["task"] for callback in shown] == [task]


def test_a_callback_is_sent_once_more_in_the_same_words_while_the_clock_stands(
    called: Space,
) -> None:
    callback = called.get("/callbacks")["callbacks"][0]

    after = called.post(f"/callbacks/{callback['id']}/resend")

    came = called.get("/sink/cb")["received"]
    assert [attempt["number"] for attempt in after["attempts"]] == [1, 2]
    assert after["state"] == "delivered"
    assert [receipt["body"] for receipt in came].count(callback["body"]) == 2


def test_a_callback_that_is_not_there_is_a_problem(bench: Bench) -> None:
    shown, resent = bench.ask("GET", "/callbacks/x"), bench.ask("POST", "/callbacks/x/resend")

    assert (shown.status, resent.status) == (404, 404)


def test_what_came_to_one_namespaces_sink_no_other_shows(called: Space, bench: Bench) -> None:
    assert len(called.get("/sink")["received"]) == 2
    assert bench.get("/sink") == {"received": []}


def test_result_files_are_listed_and_open_where_they_are(called: Space, bench: Bench) -> None:
    listed: list[dict[str, Any]] = called.get("/results")["results"]

    opened = bench.ask("GET", f"/namespaces/mine/results/{listed[0]['path']}")
    assert listed[0]["format"] == opened.headers["content-type"] == "image/png"
    assert opened.status == 200
    assert bench.ask("GET", f"/results/{listed[0]['path']}").status == 404


def test_one_task_is_shown_by_its_id(called: Space) -> None:
    task = called.get("/tasks")["tasks"][0]

    assert called.get(f"/tasks/{task['id']}") == task
    assert called.get(f"/tasks/{task['id']}?kind=tiw.snapshot") == task


@pytest.mark.parametrize("path", ["/tasks/nobodys", "/tasks/a/b/c", "/tasks/x?kind=rtc.snapshot"])
def test_a_task_that_is_not_there_is_a_problem(bench: Bench, path: str) -> None:
    assert bench.ask("GET", path).status == 404


def test_a_scene_that_is_shown_sets_the_same_scene(space: Space, bench: Bench) -> None:
    scene = {
        "streams": [
            {"place": "rtc/app/room", "user": "ann", "kind": 1, "ends_at": "2090-01-01T00:00:00Z"},
            {"place": "rtc/app/empty"},
        ],
        "marks": [{"place": "tiw/1/2", "page": "#1"}, {"place": "tiw/1/3"}],
    }
    bench.ask("PUT", "/namespaces/mine/scene", scene)
    shown = space.get("/scene")

    bench.ask("PUT", "/namespaces/mine/scene", shown)

    assert space.get("/scene") == shown
    assert shown["streams"][0] == {
        "place": "rtc/app/room",
        "user": "ann",
        "kind": 1,
        "width": 1280,
        "height": 720,
        "begins_at": space.get("/clock")["now"],
        "ends_at": "2090-01-01T00:00:00Z",
        "query": None,
        "errcode": None,
    }
    assert [(s["place"], s["user"]) for s in shown["streams"][1:]] == [("rtc/app/empty", "")]
    assert [(m["place"], m["page"]) for m in shown["marks"]] == [("tiw/1/2", "#1"), ("tiw/1/3", "")]


PASSWORD = "p%40ss:word-of-a-receiver"


def test_a_password_of_a_callback_url_is_shown_nowhere_and_goes_on_from_a_snapshot() -> None:
    """In the journal, callbacks, settings, explanations, the log and what is exported."""
    with benches() as bench:
        url = f"http://me:{PASSWORD}@127.0.0.1:9/cb"
        space = bench.create("private", callback_url=url, now="2030-01-01T00:00:00Z")
        asked = {**SNAPSHOT, "CallbackURL": url}
        setting = {"SdkAppId": 1400000001, "Callback": url}
        for scheme in ("tencent_v3", "tencent_v1"):
            for secret in (space.keys["tencent"]["secret"], "wrong"):
                sign = getattr(space.signer(secret=secret), scheme)
                bench.server.send(sign("CreateSnapshotTask", "2019-09-19", asked))
                bench.server.send(sign("SetOnlineRecordCallback", "2019-09-19", setting))
                bench.server.send(sign("DescribeOnlineRecordCallback", "2019-09-19", SNAPSHOT))
        described = {"SdkAppId": 1400000001}
        bench.server.send(
            space.signer().tencent_v3("DescribeOnlineRecordCallback", "2019-09-19", described)
        )
        space.post("/clock/advance", {"seconds": 5})
        found = space.post("/callbacks/search", {"url": url})
        near = space.post("/callbacks/search", {"url": f"{url}/other", "timeout_seconds": 0})
        paths = "requests callbacks accounts timeline tasks snapshot conduct".split()
        seen = [bench.ask("GET", f"/namespaces/private/{path}").text for path in paths]
        seen += [bench.ask("GET", path).text for path in ("/unverified", "/explanations/latest")]
        seen += [json.dumps(found), json.dumps(near)]
        document = bench.get("/namespaces/private/snapshot?secrets=true")

        again = bench.ask("PUT", "/namespaces/private/snapshot", document)

        assert again.status == 200, again.text
        assert bench.get("/namespaces/private/snapshot?secrets=true") == document
        assert found["is_met"]
        assert found["callbacks"][0]["url"] == "http://me:***@127.0.0.1:9/cb"
        for secret in (PASSWORD, quote(PASSWORD, safe=""), unquote(PASSWORD)):
            assert not [
                text for text in (*seen, json.dumps(found), json.dumps(near)) if secret in text
            ]


def test_a_receiver_may_ask_and_call_the_emulator_from_inside_its_callback(bench: Bench) -> None:
    space = bench.create("inside")
    heard: list[Any] = []

    def hear(received: Received) -> None:
        callback = space.get("/callbacks")["callbacks"][0]
        heard.append([attempt["status"] for attempt in callback["attempts"]])
        if len(heard) == 1:
            space.post(f"/callbacks/{callback['id']}/resend")
            heard.append(space.snapshot({**SNAPSHOT, "CallbackURL": url}).status)

    with receiving() as receiver:
        receiver.forward(hear)
        url = receiver.url
        space.snapshot({**SNAPSHOT, "CallbackURL": url})
        step = space.post("/clock/advance", {"seconds": 60})

    assert heard == [[], [], 200, [200, 200]]
    assert step["events"] == 4
    assert [each["state"] for each in space.get("/callbacks")["callbacks"]] == ["delivered"] * 2


@pytest.mark.parametrize("is_named", [True, False])
def test_a_receiver_with_a_private_certificate_is_called_where_its_authority_is_named(
    tmp_path: Path, is_named: bool
) -> None:
    authority, file = trustme.CA(), tmp_path / "ca.pem"
    authority.cert_pem.write_to_path(str(file))
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("localhost").configure_cert(tls)

    with benches(callback_ca=file if is_named else None) as bench, answering(tls) as port:
        space = bench.create("private")
        space.snapshot({**SNAPSHOT, "CallbackURL": f"https://localhost:{port}/cb"})
        space.post("/clock/advance", {"seconds": 2})
        (callback,) = space.get("/callbacks")["callbacks"]

    (attempt,) = callback["attempts"]
    assert attempt["status"] == (200 if is_named else 0)
    assert ("see --callback-ca" in attempt["problem"]) != is_named


@contextmanager
def answering(tls: ssl.SSLContext) -> Iterator[int]:
    """Answer one request over TLS with 200, or fail to."""

    def serve() -> None:
        with suppress(OSError):
            connection, _ = listening.accept()
            with tls.wrap_socket(connection, server_side=True) as secure:
                secure.recv(65536)
                secure.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
                secure.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listening.getsockname()[1]
        thread.join(10)
