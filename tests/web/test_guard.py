"""Who may ask the administration: hosts, origins and the token."""

from typing import Any

import pytest

from contract_tests.signers import Wire
from tests.server import HOST, Answer, InProcess

REBOUND = "attacker.example:4588"
TOKEN = "open-sesame"
CLOCK, SCENE, HEALTH = "/_emulator/clock", "/_emulator/scene", "/_emulator/health"
RESULT, SINK = "/_emulator/results/b/none.png", "/_emulator/sink/a"
ADDRESSES = ["127.0.0.1", "::1", "localhost", "127.1.2.3"]
OUTSIDE = ["0.0.0.0", "::", "192.168.1.4", "203.0.113.5", "a-name.example", "::ffff:127.0.0.1"]


def ask(emulator: InProcess, method: str, path: str, host: str = HOST, **more: str) -> Answer:
    headers = {"host": host, **{name.replace("_", "-"): value for name, value in more.items()}}
    return emulator.send(Wire(method, path, headers, b"{}" if method != "GET" else b""))


def assert_is_a_problem(answer: Answer, status: int, words: str) -> None:
    assert answer.status == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.content.keys() == {"type", "title", "status", "detail"}
    assert words in answer.content["detail"]


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "LocalHost.:80",
        "localhost:4588",
        "127.0.0.1:1",
        "127.9.9.9",
        "[::1]:4588",
        "[::1]",
        "10.1.2.3:4588",
        "172.17.0.2",
        "192.168.0.9:80",
        "[fd00::7]:4588",
        "host.docker.internal:4588",
        "emulator",
    ],
)
def test_a_local_private_or_configured_host_is_answered(host: str) -> None:
    emulator = InProcess(admin_host=("host.docker.internal", "emulator"))

    assert ask(emulator, "GET", CLOCK, host).status == 200
    assert ask(emulator, "GET", HEALTH, host).status == 200


@pytest.mark.parametrize(
    "host",
    [
        REBOUND,
        "",
        "8.8.8.8",
        "localhost.attacker.example",
        "127.0.0.1.attacker.example",
        "127.0.0.1:4588@attacker.example",
        "attacker.example,localhost",
        "localhost:80:90",
        "[::1",
        "[2001:4860:4860::8888]:4588",
        "host.docker.internal:4588",
        "2130706433",
    ],
)
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", CLOCK),
        ("PUT", CLOCK),
        ("PUT", SCENE),
        ("GET", HEALTH),
        ("GET", "/_emulator/sink/a"),
        ("GET", "/_emulator/sink"),
        ("GET", "/_emulator"),
        ("GET", "/_emulator/nothing"),
        ("PUT", RESULT),
    ],
)
def test_any_other_host_is_told_what_to_do(
    emulator: InProcess, method: str, path: str, host: str
) -> None:
    answer = ask(emulator, method, path, host)

    assert_is_a_problem(answer, 403, "--admin-host NAME")


def test_results_and_what_is_posted_to_the_sink_go_by_any_host(emulator: InProcess) -> None:
    assert ask(emulator, "GET", RESULT, REBOUND).status == 404
    assert ask(emulator, "POST", SINK, REBOUND).status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "http://attacker.example"},
        {"origin": "http://localhost:4588"},
        {"origin": "http://127.0.0.1:3000"},
        {"origin": "null"},
        {"origin": ""},
        {"origin": "http://["},
        {"sec_fetch_site": "cross-site"},
        {"sec_fetch_site": "same-site"},
        {"sec_fetch_site": "cross-site", "origin": f"http://{HOST}"},
    ],
    ids=str,
)
@pytest.mark.parametrize(
    ("method", "path"),
    [("POST", "/_emulator/clock/advance"), ("PUT", SCENE), ("POST", SINK), ("DELETE", CLOCK)],
)
def test_a_write_for_a_page_of_another_origin_is_refused(
    emulator: InProcess, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = ask(emulator, method, path, **headers)

    assert_is_a_problem(answer, 403, "another origin")
    assert ask(emulator, "GET", "/_emulator/sink").content == {"received": []}


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": f"http://{HOST}"},
        {"origin": f"https://{HOST}", "sec_fetch_site": "same-origin"},
        {"sec_fetch_site": "none"},
    ],
    ids=str,
)
def test_a_program_and_a_page_of_ones_own_may_write(
    emulator: InProcess, headers: dict[str, str]
) -> None:
    assert ask(emulator, "PUT", SCENE, **headers).status == 204


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "POST"])
def test_no_answer_lets_another_origin_read_it(emulator: InProcess, method: str) -> None:
    asked = {"origin": "http://attacker.example", "access_control_request_method": "PUT"}

    answer = ask(emulator, method, CLOCK, **asked)

    assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("host", [*ADDRESSES, *OUTSIDE])
@pytest.mark.parametrize("scheme", ["Bearer", "bearer", "BEARER"])
def test_the_token_opens_wherever_the_server_listens(host: str, scheme: str) -> None:
    emulator = InProcess(host=host, admin_token=TOKEN)

    assert ask(emulator, "GET", CLOCK, authorization=f"{scheme} {TOKEN}").status == 200


@pytest.mark.parametrize(
    "sent", [None, "", TOKEN, "Bearer", "Bearer ", "Bearer open", f"Bearer {TOKEN}x", "Bearer é",
             f"Basic {TOKEN}", f"Bearer {TOKEN.upper()}"]
)  # fmt: skip
@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", CLOCK), ("PUT", SCENE), ("GET", SINK), ("GET", "/_emulator/x"), ("OPTIONS", CLOCK)],
)
@pytest.mark.parametrize("host", ["127.0.0.1", "0.0.0.0"])
def test_anything_but_the_token_is_asked_for_it(
    sent: str | None, method: str, path: str, host: str
) -> None:
    emulator = InProcess(host=host, admin_token=TOKEN)

    answer = ask(emulator, method, path, **({} if sent is None else {"authorization": sent}))

    assert_is_a_problem(answer, 401, "Authorization: Bearer TOKEN")
    assert answer.headers["www-authenticate"].startswith("Bearer")
    assert TOKEN not in answer.text


@pytest.mark.parametrize("host", OUTSIDE)
def test_beyond_this_machine_a_server_without_token_is_closed(host: str) -> None:
    emulator = InProcess(host=host)

    answer = ask(emulator, "GET", CLOCK)

    assert_is_a_problem(answer, 403, "EMULATOR_ADMIN_TOKEN")


@pytest.mark.parametrize("host", ADDRESSES)
def test_on_this_machine_a_server_needs_no_token(host: str) -> None:
    emulator = InProcess(host=host)

    assert ask(emulator, "GET", CLOCK).status == 200


@pytest.mark.parametrize("token", ["", TOKEN])
def test_health_results_and_the_sink_need_no_token(token: str) -> None:
    emulator = InProcess(host="0.0.0.0", admin_token=token)

    assert ask(emulator, "GET", HEALTH).status == 200
    assert ask(emulator, "GET", RESULT).status == 404
    assert ask(emulator, "POST", SINK).status == 200


@pytest.mark.parametrize(
    ("flags", "authorization", "is_told"),
    [
        ({"host": "0.0.0.0"}, "", False),
        ({"host": "0.0.0.0", "admin_token": TOKEN}, "", False),
        ({"host": "127.0.0.1", "admin_token": TOKEN}, "", False),
        ({"host": "127.0.0.1", "admin_token": TOKEN}, "Bearer wrong", False),
        ({"host": "127.0.0.1", "admin_token": TOKEN}, f"Bearer {TOKEN}", True),
        ({"host": "127.0.0.1"}, "", True),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_health_tells_seed_and_namespaces_only_to_who_may_administer(
    flags: dict[str, Any], authorization: str, is_told: bool, method: str
) -> None:
    emulator = InProcess(**flags)

    health = ask(emulator, "GET", HEALTH, authorization=authorization).content
    length = ask(emulator, method, HEALTH, authorization=authorization).headers["content-length"]

    always = {"status", "version", "auth", "vendors"}
    assert health.keys() == (always | {"seed", "namespaces"} if is_told else always)
    assert int(length) == len(ask(emulator, "GET", HEALTH, authorization=authorization).body)


@pytest.mark.parametrize(
    "path",
    [
        "/_emulator/health/../clock",
        "/_emulator/results",
        "/_emulator/resultsx",
        "/_emulator//results/b/none.png",
        "/_emulator/sink",
        "/_emulator/health/",
    ],
)
def test_what_only_resembles_an_open_route_is_guarded(path: str) -> None:
    emulator = InProcess(admin_token=TOKEN)

    assert ask(emulator, "GET", path).status == 401


def test_vendors_are_called_by_any_host_and_without_a_token() -> None:
    emulator = InProcess(host="0.0.0.0", admin_token=TOKEN)
    arguments = {"SdkAppId": 1, "RoomId": 1, "Whiteboard": {"Width": 8}}
    signer = emulator.signer(host=REBOUND, extra={"origin": "http://attacker.example"})

    answer = emulator.send(signer.tencent_v3("CreateSnapshotTask", "2019-09-19", arguments))

    assert "TaskID" in answer.content["Response"]


def test_the_token_shows_in_no_text_of_the_server(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    emulator = InProcess(host="0.0.0.0", admin_token=TOKEN)

    texts = [
        ask(emulator, "GET", path, authorization=f"Bearer {sent}").text
        for path in (HEALTH, CLOCK, "/_emulator/none")
        for sent in (TOKEN, "wrong")
    ]

    assert TOKEN not in "".join((*texts, caplog.text, repr(emulator.app)))
