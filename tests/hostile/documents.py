"""Documents that are no arguments, and calls whose arguments are the most nested."""

import json
from collections.abc import Mapping
from typing import Any

from emulator.model.vendor import Vendor
from tests.hostile.wire import ALIBABA, TENCENT, body_of, call

Codes = tuple[str, str, str]
NOT_AN_OBJECT: Codes = ("InvalidParameter", "InvalidParameter", "InvalidParameter.Unmarshal")
# The text of a parameter is repaired, so that it says something, though not what is needed.
REPAIRED: Codes = ("InvalidParameter", "MissingParameter", "InvalidParameter.Unmarshal")
EMPTY: Codes = ("InvalidParameter", "InvalidParameter", "InvalidParameter.BodyIsEmpty")
DOCUMENTS: Mapping[str, tuple[bytes, Codes]] = {
    "empty": (b"", EMPTY),
    "blank": (b" \r\n", EMPTY),
    "null": (b"null", ("MissingParameter", "MissingInput", "InvalidParameter.Unmarshal")),
    "truncated": (b'{"SdkAppId": 1, "Roo', NOT_AN_OBJECT),
    "an array": (b"[1]", NOT_AN_OBJECT),
    "a string": (b'"x"', NOT_AN_OBJECT),
    "a number": (b"1", NOT_AN_OBJECT),
    "NaN": (b"NaN", NOT_AN_OBJECT),
    "two documents": (b"{}{}", NOT_AN_OBJECT),
    "a trailing comma": (b'{"a": 1,}', NOT_AN_OBJECT),
    "a comment": (b"{} // x", NOT_AN_OBJECT),
    "lists in lists": (b"[" * 10_000 + b"]" * 10_000, NOT_AN_OBJECT),
    "objects in objects": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, NOT_AN_OBJECT),
    "lists never closed": (b"[" * 100_000, NOT_AN_OBJECT),
    "NUL": (b"\0", NOT_AN_OBJECT),
    "NUL in a string": (b'{"a": "\0"}', NOT_AN_OBJECT),
    "no UTF-8": (b"\xff\xfe\xfa", NOT_AN_OBJECT),
    "UTF-16": ('{"a": 1}'.encode("utf-16"), NOT_AN_OBJECT),
    "a byte order mark": (b"\xef\xbb\xbf{}", NOT_AN_OBJECT),
    "a lone surrogate": (rb'{"a": "\ud800"}', NOT_AN_OBJECT),
    "a lone surrogate as a name": (rb'{"\udfff": 1}', NOT_AN_OBJECT),
    "overlong UTF-8": (b'{"a": "\xc0\x80"}', REPAIRED),
    "a surrogate in UTF-8": (b'{"a": "\xed\xa0\x80"}', REPAIRED),
}


def with_document(vendor: Vendor, document: bytes) -> bytes:
    """Return the body of which the document is all, or, at Alibaba, the parameter `Input`."""
    return body_of(vendor, Input=document) if vendor is ALIBABA else document


A_NULL_COORDINATE: Mapping[str, Any] = {
    "SdkAppId": 1,
    "OnlineRecordTaskId": "x",
    "MixStream": {
        "Enabled": True,
        "Custom": {
            "Canvas": {"LayoutParams": {"Width": 9, "Height": 9}},
            "InputStreamList": [{"LayoutParams": {"Width": 8, "Height": 8, "X": None}}],
        },
    },
}


def video_task(port: int, **arguments: object) -> bytes:
    """Return a call of the action with the most nested arguments."""
    recording = {"SdkAppId": 1, "OnlineRecordTaskId": "x", **arguments}
    texts = {n: v if isinstance(v, bytes) else json.dumps(v).encode() for n, v in recording.items()}
    body = b"{" + b",".join(b'"%s":%s' % (n.encode(), t) for n, t in texts.items()) + b"}"
    return call(TENCENT, port, body, action=b"CreateVideoGenerationTask")
