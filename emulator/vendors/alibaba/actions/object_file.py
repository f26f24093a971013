"""Files in object storage, by the addresses that jobs name them with."""

import base64
import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from emulator.model.vendor import SignedAddress

# Where a call names no region, as at 127.0.0.1: the first that the product was offered in. Assumed.
USUAL_REGION = "cn-shanghai"
_OSS = re.compile(r"oss://(?P<bucket>[^/]+)/(?P<object>.+)", re.DOTALL)
_HTTP = re.compile(
    r"https?://(?P<bucket>[^./]+)\.(?P<location>oss-[a-z0-9-]+)\.aliyuncs\.com/(?P<object>.+)",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class ObjectFile:
    """An object in a bucket; `location` is the bucket's region as OSS names it."""

    bucket: str
    location: str
    object: str

    @property
    def path(self) -> str:
        return f"{self.bucket}/{self.object}"

    @property
    def shown(self) -> dict[str, str]:
        return {"Bucket": self.bucket, "Location": self.location, "Object": self.object}


def located(endpoint: Mapping[str, Any], region: str) -> ObjectFile:
    """Return the file that an `Input` or `Output` names.

    A media asset that is no address lies in a bucket called `media`: where assets are kept is
    not documented.
    """
    media = endpoint["Media"]
    location = f"oss-{region or USUAL_REGION}"
    if match := _OSS.fullmatch(media):
        return ObjectFile(match["bucket"], location, match["object"])
    if match := _HTTP.fullmatch(media):
        return ObjectFile(match["bucket"], match["location"], match["object"])
    return ObjectFile("media", location, media)


def address(path: str) -> str:
    """Return a path as it stands in a URL; placeholders stay readable."""
    return quote(path, safe="/{}")


def permit(path: str, expires_at: int, key_id: str, secret: str) -> str:
    """Return the query of an address signed until a Unix time, in OSS's first form (inferred)."""
    signature = _signature(path, str(expires_at), secret)
    return urlencode({"Expires": expires_at, "OSSAccessKeyId": key_id, "Signature": signature})


def _signature(path: str, expires: str, secret: str) -> str:
    text = f"GET\n\n\n{expires}\n/{path}"
    digest = hmac.new(secret.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()


SIGNED_ADDRESS = SignedAddress("OSSAccessKeyId", "Expires", "Signature", _signature)
