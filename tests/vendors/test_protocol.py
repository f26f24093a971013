"""What official SDKs and public reports show of single requests and answers."""

from collections.abc import Mapping
from pathlib import Path
from urllib.parse import quote_plus

import pytest

from contract_tests.signers import Wire
from tests.calls import (
    JOB,
    ROOM,
    SCREENSHOT,
    SNAPSHOT,
    Change,
    Draft,
    authorization,
    both,
    by,
    common,
    header,
    refusal,
    signed_by,
    signing,
)
from tests.server import HOST, InProcess
from tests.vendors.tampering.signed import WRONG

WORLD = """
[[accounts]]
vendor = "tencent"
site = "{site}"
"""


def code_at(world: Path, site: str, draft: Draft) -> str:
    world.write_text(WORLD.format(site=site), encoding="utf-8")
    emulator = InProcess(world)
    refused = refusal(emulator.send(draft.sign(emulator.signer())))
    return refused.code if refused else ""


# Tencent: a host without `intl` says nothing of the site.


@pytest.mark.parametrize("scheme", ["tencent_v3", "tencent_v1"])
@pytest.mark.parametrize(
    ("host", "site", "region", "code"),
    [
        ("tiw.tencentcloudapi.com", "intl", "ap-singapore", ""),
        ("tiw.tencentcloudapi.com", "mainland", "ap-guangzhou", ""),
        ("tiw.tencentcloudapi.com", "mainland", "ap-singapore", "UnsupportedRegion"),
        ("tiw.tencentcloudapi.com", "intl", "ap-guangzhou", "UnsupportedRegion"),
        ("tiw.intl.tencentcloudapi.com", "intl", "ap-singapore", ""),
        ("tiw.intl.tencentcloudapi.com", "mainland", "ap-singapore", ""),
        ("tiw.tencentcloudapi.com.cn", "intl", "ap-singapore", ""),
        ("tiw.ap-singapore.tencentcloudapi.com", "intl", "ap-singapore", ""),
    ],
)
def test_the_account_says_which_site_is_meant_where_the_host_does_not(
    tmp_path: Path, scheme: str, host: str, site: str, region: str, code: str
) -> None:
    draft = both(by(scheme), signed_by(host=host), signing(region=region))(SNAPSHOT)

    assert code_at(tmp_path / "world.toml", site, draft) == code


@pytest.mark.parametrize(("site", "region"), [("intl", ""), ("mainland", "ap-guangzhou")])
def test_live_is_reached_at_the_short_host_from_either_site(
    tmp_path: Path, site: str, region: str
) -> None:
    draft = both(signed_by(host="live.tencentcloudapi.com"), signing(region=region))(SCREENSHOT)

    assert code_at(tmp_path / "world.toml", site, draft) == ""


# Tencent: the signature of v1 as Ruby writes it.


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("signature_method", ["HmacSHA1", "HmacSHA256"])
@pytest.mark.parametrize(
    ("end", "code"),
    [("", ""), ("\n", ""), ("\n\n", WRONG), ("\r\n", WRONG), (" ", WRONG), ("A", WRONG)],
)
def test_a_v1_signature_may_end_in_one_newline(
    method: str, signature_method: str, end: str, code: str
) -> None:
    emulator = InProcess()
    draft = by("tencent_v1", method=method, signature_method=signature_method)(SNAPSHOT)
    wire = draft.sign(emulator.signer())
    old, where = "Signature=", wire.target if method == "GET" else wire.body.decode()
    assert where.rpartition("&")[2].startswith(old)
    where += quote_plus(end)
    wire = wire.but(target=where) if method == "GET" else wire.but(body=where.encode())

    refused = refusal(emulator.send(wire))

    assert (refused.code if refused else "") == code.replace(
        "WRONG", "AuthFailure.SignatureFailure"
    )


# Volcengine: metadata of a call whose credential cannot be read (volc-sdk-golang, issue 20).

PLACE = {"Service": "rtc", "Region": "cn-north-1"}


@pytest.mark.parametrize(
    ("change", "code", "place"),
    [
        (header(authorization="Bearer x"), "InvalidAuthorization", {}),
        (header(authorization=None), "InvalidCredential", {}),
        (authorization("/request", ""), "InvalidAuthorization", {}),
        (authorization("/cn-north-1/", "//"), "InvalidAuthorization", {}),
        (authorization("Credential=test/", "Credential=/"), "InvalidAuthorization", {}),
        (common("Version", None), "MissingParameter", PLACE),
        (header(x_date=None), "MissingRequestInfo", PLACE),
        (signed_by(secret="wrong"), "SignatureDoesNotMatch", PLACE),
        (signing(service="iam"), "ServiceNotFound", {**PLACE, "Service": "iam"}),
        (
            signing(region="mars", body=b""),
            "InvalidParameter.BodyIsEmpty",
            PLACE | {"Region": "mars"},
        ),
    ],
)
def test_metadata_has_service_and_region_only_where_the_credential_is_readable(
    change: Change, code: str, place: Mapping[str, str]
) -> None:
    emulator = InProcess()

    metadata = emulator.send(change(ROOM).sign(emulator.signer())).content["ResponseMetadata"]

    assert metadata["Error"]["Code"] == code
    usual = {"RequestId", "Action", "Version", "Error"}
    assert {name: metadata[name] for name in metadata.keys() - usual} == place
    assert metadata.keys() >= usual


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        (by("tencent_v3")(SNAPSHOT), "AuthFailure.InvalidAuthorization"),
        (by("alibaba_v3")(JOB), "IncompleteSignature"),
        (by("volcengine")(ROOM), "InvalidAuthorization"),
    ],
)
@pytest.mark.parametrize("listed", ["a;a;", ";".join(f"a{number}" for number in range(300)) + ";"])
def test_signed_headers_that_are_repeated_or_too_many_are_refused_for_their_form(
    draft: Draft, code: str, listed: str
) -> None:
    emulator = InProcess()
    changed = authorization("SignedHeaders=", f"SignedHeaders={listed}")(draft)

    answer = emulator.send(changed.sign(emulator.signer(extra={"a": "b"})))

    found = refusal(answer)
    assert found
    assert found.code == code


def test_a_name_in_a_query_that_is_not_utf_8_is_told(emulator: InProcess) -> None:
    task = Draft("GetSnapshotTask", "2023-11-01", "volcengine", {"AppId": "a"}, {"method": "GET"})
    wire = task.sign(emulator.signer())
    emulator.send(wire.but(target=f"{wire.target}&%ff=1"))

    told = emulator.send(Wire("GET", "/_emulator/unverified", {"host": HOST}))

    assert told.content["requests"][0]["unread"] == ["\ufffd"]
