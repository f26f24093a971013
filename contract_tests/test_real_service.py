"""The real services, asked where `--target real` and credentials in the environment allow it.

By default only what reads is asked. `RECORD_CHANGES=1` asks the pages' examples of all other
actions too, which makes things and may cost money. Answers go, redacted, to `fixtures/`.
"""

import http.server
import os
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from http.client import HTTPConnection
from typing import Any

import pytest

from contract_tests.real.fitting import is_documented, misfits, refusal, result
from contract_tests.real.question import Question, costly, harmless
from contract_tests.real.recording import FOLDER, write
from contract_tests.real.replay import product_of
from contract_tests.real.service import (
    VARIABLES,
    Account,
    account,
    exchange,
    over_tls,
    record,
    sign,
)
from contract_tests.signers import Wire


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Ask nothing where nobody wants the real services."""
    if "question" in metafunc.fixturenames:
        is_wanted = metafunc.config.getoption("target", "") == "real"
        asked = list(harmless()) if is_wanted else []
        asked += costly() if is_wanted and os.environ.get("RECORD_CHANGES") == "1" else []
        metafunc.parametrize("question", asked, ids=lambda q: f"{q.action} {q.title}")


def test_the_real_service_answers_as_the_spec_says(question: Question) -> None:
    by = account(question.vendor, os.environ)
    if by is None:
        pytest.skip(f"the environment has no {' and '.join(VARIABLES[question.vendor][:2])}")
    product = product_of(question.vendor, question.version)
    members = product.form(question.action).response
    wire = sign(question, by, datetime.now(UTC), os.environ)

    answer = over_tls(wire)

    write(FOLDER, record(question, wire, answer, members), by)
    error = refusal(answer.status, answer.content)
    documented = product.codes(question.action) | product.gateway["errors"].keys()
    assert error is None or is_documented(error["Code"], documented), error
    assert error is not None or misfits(result(answer.content), members) == []


def test_what_is_asked_by_default_changes_nothing() -> None:
    assert [question for question in harmless() if not question.is_harmless] == []
    assert [question for question in costly() if question.is_harmless] == []


def test_every_action_that_only_reads_is_asked() -> None:
    asked = {question.vendor for question in harmless()}

    assert asked == {"tencent", "alibaba", "volcengine"}


@pytest.mark.parametrize("vendor", VARIABLES)
def test_the_account_is_the_one_that_the_sdks_would_find(vendor: str) -> None:
    environment = dict(zip(VARIABLES[vendor], ("id", "secret", "token"), strict=True))

    assert account(vendor, environment) == Account("id", "secret", "token")
    assert account(vendor, dict(list(environment.items())[1:])) is None


def test_a_region_of_alibaba_is_asked_where_the_environment_says() -> None:
    question = next(q for q in harmless() if q.vendor == "alibaba")

    wire = sign(question, Account("a", "b"), datetime.now(UTC), {"ALIBABA_CLOUD_REGION_ID": "cn-x"})

    assert wire.headers["host"] == "ice.cn-x.aliyuncs.com"


def test_every_question_is_signed_for_once() -> None:
    question = next(q for q in harmless() if q.vendor == "alibaba")
    now = datetime.now(UTC)

    first, second = (sign(question, Account("a", "b"), now, {}) for _ in range(2))

    assert first.headers["x-acs-signature-nonce"] != second.headers["x-acs-signature-nonce"]


@pytest.fixture
def port() -> Iterator[int]:
    """Serve, as the port says, what is sent, with status 418."""

    class Echo(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            self.send_response(418)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *arguments: Any) -> None: ...

    with http.server.HTTPServer(("127.0.0.1", 0), Echo) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server.server_address[1]
        server.shutdown()
        thread.join()


def test_a_request_goes_out_as_it_is_and_its_answer_comes_back(port: int) -> None:
    connection = HTTPConnection("127.0.0.1", port, timeout=10)

    received = exchange(connection, Wire("POST", "/", {"host": "elsewhere"}, b'{"a": 1}'))

    connection.close()
    assert (received.status, received.content) == (418, {"a": 1})
