"""Scopes of another day, service or region, signed for."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from contract_tests.signers import Wire
from tests.server import HOST, START, InProcess
from tests.vendors.tampering.signed import (
    MALFORMED,
    UNLIKE,
    WRONG,
    code,
    presigned,
    signer,
    tc3,
    tc3_again,
    volcengine,
    volcengine_again,
)


def test_signing_again_changes_nothing() -> None:
    tencent, volc = tc3(signer()), volcengine(signer())

    assert tc3_again(tencent) == tencent
    assert volcengine_again(volc) == volc


@pytest.mark.parametrize("date", ["2026-01-01", "2026-01-03", "2025-01-02", "20260102", "2026-1-2"])
def test_a_tc3_scope_of_another_day_is_refused(emulator: InProcess, date: str) -> None:
    wire = tc3_again(tc3(signer()), scope=f"{date}/tiw/tc3_request")

    answer = emulator.send(wire)

    assert code(answer) == WRONG


def test_a_tc3_scope_has_the_day_in_utc(emulator: InProcess) -> None:
    # In Shanghai the day was another one from 16:00 on.
    before_midnight = timedelta(hours=-3, minutes=-4, seconds=-6)
    emulator_then = InProcess(start=START + before_midnight)
    wire = tc3(signer(before_midnight.total_seconds()))

    answer = emulator_then.send(wire)

    assert "/2026-01-01/tiw/" in wire.headers["authorization"]
    assert code(answer) == ""


@pytest.mark.parametrize(
    "date",
    [
        "20260101",
        "20260103",
        "2026-01-02",
        *(
            pytest.param(
                date,
            )
            for date in ("2026", "2026010", "2")
        ),
    ],
)
def test_a_volcengine_scope_of_another_day_is_refused(emulator: InProcess, date: str) -> None:
    wire = volcengine_again(volcengine(signer()), scope=f"{date}/cn-north-1/rtc/request")

    answer = emulator.send(wire)

    assert code(answer) == UNLIKE


@pytest.mark.parametrize(
    ("host", "service", "refusal"),
    [
        ("tiw.intl.tencentcloudapi.com", "tiw", ""),
        ("tiw.intl.tencentcloudapi.com", "live", MALFORMED),
        ("tiw.tencentcloudapi.com", "127", MALFORMED),
        ("tiw.ap-singapore.tencentcloudapi.com", "cvm", MALFORMED),
        # Elsewhere the service says nothing: some SDKs take it from the host.
        (HOST, "127", ""),
        ("localhost:4588", "localhost:4588", ""),
    ],
)
def test_a_tc3_scope_of_another_service_is_refused_on_the_vendors_hosts(
    emulator: InProcess, host: str, service: str, refusal: str
) -> None:
    region = "ap-guangzhou" if host == "tiw.tencentcloudapi.com" else "ap-singapore"
    wire = tc3(signer(host=host), service=service, region=region)

    answer = emulator.send(wire)

    assert code(answer) == refusal


@pytest.mark.parametrize("host", ["rtc.volcengineapi.com", HOST])
def test_a_volcengine_scope_of_another_service_finds_no_service(
    emulator: InProcess, host: str
) -> None:
    wire = volcengine(signer(host=host), service="iam")

    answer = emulator.send(wire)

    assert code(answer) == "ServiceNotFound"


@pytest.mark.parametrize("sign", [volcengine, presigned])
@pytest.mark.parametrize("region", ["ap-singapore-1", "mars"])
def test_volcengine_signs_whatever_region_the_scope_has(
    emulator: InProcess, sign: Callable[..., Wire], region: str
) -> None:
    wire = sign(signer(), region=region)

    answer = emulator.send(wire)

    assert code(answer) == ""
    assert answer.content["ResponseMetadata"]["Region"] == region
