"""Documents that are no arguments."""

import pytest

from emulator.model.vendor import Vendor
from emulator.vendors import VENDORS
from tests.hostile.documents import (
    A_NULL_COORDINATE,
    DOCUMENTS,
    NOT_AN_OBJECT,
    video_task,
    with_document,
)
from tests.hostile.reply import code
from tests.hostile.server import Server
from tests.hostile.wire import TENCENT, body_of, call, each_vendor, get


@each_vendor
@pytest.mark.parametrize("name", DOCUMENTS)
def test_a_document_that_is_no_object_is_refused(server: Server, vendor: Vendor, name: str) -> None:
    document, codes = DOCUMENTS[name]

    reply = server.ask(call(vendor, server.port, with_document(vendor, document)))

    assert code(vendor, reply) == codes[VENDORS.index(vendor)]


NO_INTEGERS = [
    *f"1.0 1e0 true 1e400 -1e400 NaN Infinity -0.5 01 0x1 {2**64} -{2**63 + 1} {2**70}".split(),
    *f'"1" [1] {{}} {"9" * 5000} -{"9" * 400} {"[" * 900 + "]" * 900}'.split(),
]


@each_vendor
@pytest.mark.parametrize("text", NO_INTEGERS, ids=lambda text: text[:24])
def test_what_is_no_integer_of_64_bits_is_refused(
    server: Server, vendor: Vendor, text: str
) -> None:
    config = b'{"TemplateId":"t","OverwriteParams":{"Width":%s}}' % text.encode()
    changes = {
        "tencent": {"SdkAppId": text.encode()},
        "alibaba": {"TemplateConfig": config},
        "volcengine": {"MaxIdleTime": text.encode()},
    }

    reply = server.ask(call(vendor, server.port, body_of(vendor, **changes[vendor.name])))

    assert code(vendor, reply) == NOT_AN_OBJECT[VENDORS.index(vendor)]


@pytest.mark.parametrize(
    "text", ["1.0", "true", "NaN", "1e400", "9" * 20, "-1", "+1", "1_0", "%201", "%EF%BC%91", ""]
)
def test_text_that_is_no_integer_is_refused_in_a_query(server: Server, text: str) -> None:
    reply = server.ask(get(server.port, b"SdkAppId=%s&RoomId=1&Whiteboard.Width=8" % text.encode()))

    assert code(TENCENT, reply) == "InvalidParameter"


@each_vendor
def test_of_doubled_members_the_last_counts(server: Server, vendor: Vendor) -> None:
    good = body_of(vendor)
    doubled = {
        "tencent": b'{"SdkAppId": "x",' + good[1:],
        "alibaba": b"Input=x&" + good,
        "volcengine": b'{"AppId": 1,' + good[1:],
    }

    reply = server.ask(call(vendor, server.port, doubled[vendor.name]))

    assert code(vendor, reply) == ""


@pytest.mark.parametrize(
    "arguments",
    [
        {"Concat": None, "Whiteboard": {"Width": None, "InitParam": None}},
        {"RecordControl": {"Enabled": True, "StreamControls": None}},
        {"MixStream": {"Enabled": True, "ModelId": 1, "Custom": None}},
        {"MixStream": A_NULL_COORDINATE["MixStream"]},
    ],
    ids=["objects and texts", "a list", "layouts", "a coordinate"],
)
def test_null_counts_as_absent(server: Server, arguments: dict[str, object]) -> None:
    reply = server.ask(video_task(server.port, **arguments))

    assert code(TENCENT, reply) == ""
