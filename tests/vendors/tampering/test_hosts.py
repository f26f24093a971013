"""Which host a signature may be for."""

import pytest

from tests.server import HOST, InProcess
from tests.vendors.tampering.family import NAMED
from tests.vendors.tampering.signed import UNLIKE, WRONG, code, signer, tc3, v1, volcengine

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
