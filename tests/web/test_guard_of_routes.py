"""Every operation of the administration, of whatever namespace, is behind the guard."""

import re

import pytest

from contract_tests.signers import Wire
from emulator.web import admin
from tests.server import HOST, Answer, InProcess

REBOUND, TOKEN = "attacker.example:4588", "open-sesame"
NAMES = {"namespace": "default", "id": "x", "name": "x", "request_id": "latest", "path": "a/b.png"}
ROUTES = sorted(
    (operation.method, re.sub(r"{(\w+)(:\w+)?}", lambda name: NAMES[name[1]], path))
    for place in admin.PLACES
    for operation in place.operations
    for path in [f"/_emulator{place.below}{operation.path}"]
)
# Results are read, and callbacks posted, by whoever knows the server by whatever name.
OPEN = [
    (method, f"/_emulator{below}{path}")
    for below in ("", "/namespaces/default")
    for method, path in (("GET", "/results/a/b.png"), ("POST", "/sink/a/b.png"))
]
HEALTH = ("GET", "/_emulator/health")
WRITES = [route for route in ROUTES if route[0] != "GET"]


def routes(*but: tuple[str, str]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize(("method", "path"), [r for r in ROUTES if r not in but])


@pytest.fixture(scope="module")
def here() -> InProcess:
    return InProcess()


@pytest.fixture(scope="module")
def with_token() -> InProcess:
    return InProcess(host="0.0.0.0", admin_token=TOKEN)


@pytest.fixture(scope="module")
def without_token() -> InProcess:
    return InProcess(host="0.0.0.0")


def ask(emulator: InProcess, method: str, path: str, host: str = HOST, **more: str) -> Answer:
    headers = {"host": host, **{name.replace("_", "-"): value for name, value in more.items()}}
    return emulator.send(Wire(method, path, headers, b"{}" if method != "GET" else b""))


def test_the_open_routes_are_among_all() -> None:
    assert {*OPEN, HEALTH} < set(ROUTES)


@routes(*OPEN)
def test_no_route_answers_to_a_name_that_was_made_to_lead_here(
    here: InProcess, method: str, path: str
) -> None:
    answer = ask(here, method, path, REBOUND)

    assert (answer.status, "--admin-host" in answer.content["detail"]) == (403, True)


@pytest.mark.parametrize(("method", "path"), WRITES)
@pytest.mark.parametrize(
    "sent", [{"origin": "http://attacker.example"}, {"sec_fetch_site": "cross-site"}], ids=str
)
def test_no_route_is_written_to_by_a_page_of_another_origin(
    here: InProcess, method: str, path: str, sent: dict[str, str]
) -> None:
    answer = ask(here, method, path, **sent)

    assert (answer.status, "another origin" in answer.content["detail"]) == (403, True)


@routes(*OPEN, HEALTH)
def test_no_route_is_open_without_its_token(
    with_token: InProcess, without_token: InProcess, method: str, path: str
) -> None:
    asked, closed = ask(with_token, method, path), ask(without_token, method, path)

    assert (asked.status, closed.status) == (401, 403)
    assert "EMULATOR_ADMIN_TOKEN" in closed.content["detail"]


@pytest.mark.parametrize(("method", "path"), OPEN)
def test_results_and_the_sink_of_every_namespace_are_open_to_programs(
    with_token: InProcess, method: str, path: str
) -> None:
    assert ask(with_token, method, path, REBOUND).status in (200, 404)


@pytest.mark.parametrize(
    "path",
    [
        "/_emulator/namespaces/results/clock",
        "/_emulator/namespaces/a/b/results/c",
        "/_emulator/namespaces//results/c",
        "/_emulator/namespaces/default/results",
        "/_emulator/namespaces/default/clock/results/",
    ],
)
def test_what_only_resembles_the_results_of_a_namespace_is_guarded(
    with_token: InProcess, path: str
) -> None:
    assert ask(with_token, "GET", path).status == 401
