"""Which host a signature may be for."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from contract_tests.signers import Signer, Wire
from emulator.vendors.alibaba.signature import DOMAINS as ALIBABA_DOMAINS
from emulator.vendors.volcengine.signature import DOMAINS as VOLCENGINE_DOMAINS
from tests.server import HOST, InProcess
from tests.vendors.tampering.family import NAMED
from tests.vendors.tampering.signed import (
    UNLIKE,
    WRONG,
    acs3,
    code,
    signer,
    tc3,
    v1,
    volcengine,
    volcengine_again,
)

VENDOR_DOMAINS = (
    "tiw.intl.tencentcloudapi.com",
    "tiw.tencentcloudapi.com",
    "tiw.ap-singapore.tencentcloudapi.com",
    "tiw.tencentcloudapi.cn",
    "tiw.tencentcloudapi.com.cn",
)
HOSTS = [
    ("127.0.0.1:4588", "127.0.0.1:4588"),
    ("127.0.0.1", "127.0.0.1:4588"),
    ("http://127.0.0.1:4588", "http://127.0.0.1:4588"),
    ("localhost:4588", "LocalHost:4588"),
    *((domain, HOST) for domain in VENDOR_DOMAINS),
]


@pytest.mark.parametrize(
    ("signed", "sent"),
    [*HOSTS, pytest.param("localhost", "LocalHost:4588")],
)
def test_tc3_may_sign_the_host_in_these_ways(emulator: InProcess, signed: str, sent: str) -> None:
    wire = tc3(signer(host=signed))

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == ""


@pytest.mark.parametrize(
    ("signed", "sent"),
    [*HOSTS, pytest.param("localhost", "LocalHost:4588")],
)
def test_v1_may_sign_the_host_in_the_same_ways(emulator: InProcess, signed: str, sent: str) -> None:
    wire = v1(signer(host=signed))

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == ""


@pytest.mark.parametrize(
    ("name", "signed"),
    [
        *(
            (name, host)
            for name in ("tc3 json", "v1 form")
            for host in ("example.com", "", "127.0.0.1:4589", "tiw.intl.tencentcloudapi.com:4588")
        ),
        ("tc3 json", "live.intl.tencentcloudapi.com"),
        pytest.param(
            "v1 form",
            "live.intl.tencentcloudapi.com",
        ),
    ],
)
def test_a_tencent_signature_for_another_host_is_refused(
    emulator: InProcess, name: str, signed: str
) -> None:
    wire = NAMED[name].sign(signer(host=signed))

    answer = emulator.send(wire.with_headers(host=HOST))

    assert code(answer) == WRONG


@pytest.mark.parametrize("family", ["tc3 json", "v1 form"])
@pytest.mark.parametrize("sent", [f"{HOST}:", f"{HOST}:1", f"{HOST}:x"])
def test_what_is_no_port_is_not_left_out_of_tencents_host(
    emulator: InProcess, family: str, sent: str
) -> None:
    wire = NAMED[family].sign(signer())

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == WRONG


@pytest.mark.parametrize(("sent", "refusal"), [("h:80", ""), ("h:443", ""), ("h:8080", UNLIKE)])
def test_volcengine_does_not_sign_a_usual_port(
    emulator: InProcess, sent: str, refusal: str
) -> None:
    wire = volcengine(signer(host="h"))

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == refusal


def acs3_form(signer: Signer) -> Wire:
    return acs3(signer, in_body=True)


def date_alone(signer: Signer) -> Wire:
    return volcengine_again(volcengine(signer), names="x-date")


def presigned_with_host(signer: Signer) -> Wire:
    """Sign the host in the query, as Volcengine's newer SDK for Python does."""
    return signer.volcengine_query(
        "StartSnapshot", "2023-11-01", {}, method="POST", body=b"{}", signed_headers=("host",)
    )


SIGNERS: list[tuple[Callable[[Signer], Wire], str, str]] = [
    *((sign, domain, WRONG) for sign in (tc3, v1) for domain in VENDOR_DOMAINS),
    *((sign, domain, UNLIKE) for sign in (acs3, acs3_form) for domain in ALIBABA_DOMAINS),
    *(
        (sign, domain, UNLIKE)
        for sign in (volcengine, presigned_with_host)
        for domain in VOLCENGINE_DOMAINS
    ),
]
each_domain = pytest.mark.parametrize(("sign", "domain", "refusal"), SIGNERS)


@each_domain
@pytest.mark.parametrize(
    "sent",
    [
        HOST,
        "localhost:4588",
        "10.1.2.3",
        "[::1]:4588",
        "EMULATOR:4588",
        "host.docker.internal:4588",
        "CI.example:4588",
        "public.example",
    ],
)
def test_the_vendors_host_may_be_signed_where_an_own_name_is_sent(
    named: InProcess, sign: Callable[[Signer], Wire], domain: str, refusal: str, sent: str
) -> None:
    wire = sign(signer(host=domain))

    answer = named.send(wire.with_headers(host=sent))

    assert code(answer) not in (refusal, "InvalidAuthorization")


@each_domain
@pytest.mark.parametrize("sent", ["emulator.example", "8.8.8.8:4588", "evil.localhost.example"])
def test_elsewhere_the_log_names_the_host_that_was_signed(
    emulator: InProcess,
    sign: Callable[[Signer], Wire],
    domain: str,
    refusal: str,
    sent: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.INFO)
    wire = sign(signer(host=domain))

    answer = emulator.send(wire.with_headers(host=sent))

    assert code(answer) == refusal
    assert f"the host {domain} was signed, and another was sent" in caplog.messages[-1]


@pytest.mark.parametrize(("sign", "domain", "refusal"), SIGNERS[::5])
def test_one_host_of_a_vendor_is_not_signed_for_another(
    emulator: InProcess, sign: Callable[[Signer], Wire], domain: str, refusal: str
) -> None:
    first, _, rest = domain.partition(".")
    wire = sign(signer(host=f"{first}.cn-nowhere.{rest}"))

    answer = emulator.send(wire.with_headers(host=domain))

    assert code(answer) == refusal


def test_a_date_alone_may_be_signed_for_any_host(emulator: InProcess) -> None:
    # Node's SDK does not sign the host (Volcengine protocol 3.1).
    wire = date_alone(signer(host="rtc.volcengineapi.com"))

    answer = emulator.send(wire.with_headers(host="elsewhere.example"))

    assert code(answer) == ""


@pytest.fixture(scope="module")
def named(world: Path) -> InProcess:
    """An emulator that is called by other names too."""
    return InProcess(world, admin_host=("ci.example",), public_url="http://public.example:80/x")
