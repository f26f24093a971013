"""What every operation of the administration does with bodies, queries and names."""

import json

import pytest

from contract_tests.signers import Wire
from emulator.web.operation import MAX_BODY_BYTES
from tests.server import HOST, Answer, InProcess

CLOCK, STEP = "/_emulator/clock", "/_emulator/clock/advance"


def ask(
    emulator: InProcess, method: str, path: str, body: bytes = b"", kind: str | None = None
) -> Answer:
    headers = {"host": HOST} | ({} if kind is None else {"content-type": kind})
    return emulator.send(Wire(method, path, headers, body))


def test_a_namespace_has_each_operation_under_its_name_too(emulator: InProcess) -> None:
    named = ask(emulator, "PUT", "/_emulator/namespaces/default/clock", b"{}")

    assert ask(emulator, "GET", CLOCK).content == named.content
    assert named.content["mode"] == "manual"


def test_a_namespace_that_is_not_there_is_a_problem(emulator: InProcess) -> None:
    answer = ask(emulator, "GET", "/_emulator/namespaces/nobodys/clock")

    assert (answer.status, "'nobodys'" in answer.content["detail"]) == (404, True)


@pytest.mark.parametrize(
    "kind", [None, "", "application/json", "Application/JSON; charset=utf-8",
             "application/x-www-form-urlencoded"]
)  # fmt: skip
def test_a_body_is_json_by_whatever_name_clients_give_it(
    emulator: InProcess, kind: str | None
) -> None:
    assert ask(emulator, "POST", STEP, b'{"seconds": 1}', kind).status == 200


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "multipart/form-data"])
def test_a_body_that_says_it_is_no_json_is_refused(emulator: InProcess, kind: str) -> None:
    answer = ask(emulator, "POST", STEP, b'{"seconds": 1}', kind)

    assert (answer.status, "application/json" in answer.content["detail"]) == (415, True)


def test_a_body_may_be_toml_that_says_so(emulator: InProcess) -> None:
    scenario = b'title = "Lost"\n[[rules]]\nfault = "callback-lost"\n'

    answer = ask(emulator, "POST", "/_emulator/scenario", scenario, "application/toml")

    assert (answer.status, answer.content["rules"]) == (200, ["callback-lost-1"])


@pytest.mark.parametrize(
    ("kind", "text"),
    [("application/json", '{"mode": "manual"}'), ("application/toml", "mode = 'manual'")],
)
def test_a_byte_order_mark_at_the_beginning_of_a_body_is_no_part_of_it(
    emulator: InProcess, kind: str, text: str
) -> None:
    wire = Wire("PUT", CLOCK, {"host": HOST, "content-type": kind}, text.encode("utf-8-sig"))

    assert emulator.send(wire).content["mode"] == "manual"


def test_a_moment_in_toml_is_read_as_one(emulator: InProcess) -> None:
    answer = ask(emulator, "PUT", CLOCK, b"now = 2030-01-01T00:00:00Z\n", "application/toml")

    assert (answer.status, answer.content["now"]) == (200, "2030-01-01T00:00:00Z")


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        (b"seconds = ", "body:1: is not TOML: "),
        (b"seconds = 'a'", "body: seconds: "),
        (b"second = 1", "body: unknown key 'second', did you mean 'seconds'?"),
        (b"\xff = 1", "body: "),
    ],
)
def test_a_body_that_is_no_good_toml_is_refused(
    emulator: InProcess, body: bytes, complaint: str
) -> None:
    answer = ask(emulator, "POST", STEP, body, "application/toml")

    assert (answer.status, complaint in answer.content["detail"]) == (400, True)


@pytest.mark.parametrize(
    ("method", "path", "complaint"),
    [
        ("GET", f"{CLOCK}?mode=real", "query: unknown key 'mode'"),
        ("GET", "/_emulator/tasks?kinds=x", "query: unknown key 'kinds', did you mean 'kind'?"),
        ("POST", STEP, "body: missing key 'seconds'"),
    ],
)
def test_what_nobody_asks_for_or_what_is_missing_is_named(
    emulator: InProcess, method: str, path: str, complaint: str
) -> None:
    answer = ask(emulator, method, path)

    assert (answer.status, complaint in answer.content["detail"]) == (400, True)


def test_a_body_that_is_too_large_is_not_read(emulator: InProcess) -> None:
    answer = ask(emulator, "POST", "/_emulator/sink/a", bytes(MAX_BODY_BYTES + 1))

    assert answer.status == 413


@pytest.mark.parametrize("text", [b"a=" + b"[" * 3000, b"a." * 3000 + b"b=1"])
def test_toml_that_is_nested_too_deeply_is_refused(emulator: InProcess, text: bytes) -> None:
    headers = {"host": HOST, "content-type": "application/toml"}

    answer = emulator.send(Wire("POST", "/_emulator/scenario", headers, text))

    assert (answer.status, answer.content["detail"]) == (400, "body: is nested too deeply")


# The last three are methods of WebDAV and RTSP that the parser knows.
@pytest.mark.parametrize("method", ["DELETE", "PROPFIND", "MKCOL", "DESCRIBE"])
def test_a_method_that_a_path_does_not_have_is_refused_with_those_it_has(
    emulator: InProcess, method: str
) -> None:
    answer = ask(emulator, method, CLOCK)

    assert answer.status == 405
    assert set(answer.headers["allow"].split(", ")) == {"GET", "HEAD", "PUT"}
    assert answer.content["title"] == "Not with this method"
    assert answer.content["detail"].startswith(f"{CLOCK} is there, but not for {method}: it takes ")
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("moment", ["1969-12-31T23:59:59Z", "3000-01-01T00:00:01Z"])
def test_a_clock_does_not_leave_the_centuries_one_can_reckon_with(
    emulator: InProcess, moment: str
) -> None:
    answer = ask(emulator, "PUT", CLOCK, json.dumps({"now": moment}).encode())

    assert (answer.status, "1970 to 3000" in answer.content["detail"]) == (400, True)


def test_a_clock_is_not_moved_beyond_its_centuries(emulator: InProcess) -> None:
    ask(emulator, "PUT", CLOCK, b'{"now": "2999-12-31T00:00:00Z"}')

    answer = ask(emulator, "POST", STEP, b'{"seconds": 86401}')

    assert (answer.status, "1970 to 3000" in answer.content["detail"]) == (400, True)
