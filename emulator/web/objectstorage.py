"""Object storage: who may fetch a file, and what it answers where it gives none."""

import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import NamedTuple

from starlette.responses import Response

from emulator.model.account import AccessKey
from emulator.model.vendor import SignedAddress, Vendor
from emulator.spec.document import read

_XML = "application/xml"
_MAX_DIGITS = 20


class Refusal(NamedTuple):
    """An answer without a file, as its store gives it."""

    status: int
    code: str
    message: str


@cache
def refusals() -> Mapping[str, Refusal]:
    """Return the documented refusals by our word for each; the file has their sources."""
    table = read(Path(__file__).with_suffix(".toml"), "objectstorage.toml")
    table.day("read_on")
    found = {}
    for word, entry in table.each():
        status = entry.take("status", int)
        found[word] = Refusal(status, entry.take("code", str), entry.take("message", str))
        entry.rest(("source", "evidence", "assumed"))
        entry.close()
    return found


def refuse(word: str, path: str) -> Response:
    """Return a refusal as the store's own XML."""
    return _xml(refusals()[word], path)


def not_made(why: str, path: str) -> Response:
    """Say of a file that is promised that this emulator does not make it."""
    return _xml(Refusal(501, "NotImplemented", why), path)


def judge(
    path: str,
    query: Mapping[str, str],
    keys: Sequence[tuple[Vendor, AccessKey]],
    private: frozenset[str],
    now: datetime,
) -> str:
    """Return the word of the refusal of an address, "" where it opens.

    An address with a part of a signature is verified, by the keys that there are. One without
    opens files of buckets that are not `private`, by name or all with "*".
    """
    forms = {vendor.signed_address for vendor, _ in keys if vendor.signed_address}
    for form in forms:
        if query.keys() & {form.expires, form.signature, form.key_id}:
            own = {key.id: key for vendor, key in keys if vendor.signed_address == form}
            return _verified(path, query, form, own, now)
    return "private" if {path.partition("/")[0], "*"} & private else ""


def _verified(
    path: str,
    query: Mapping[str, str],
    form: SignedAddress,
    keys: Mapping[str, AccessKey],
    now: datetime,
) -> str:
    if not {form.expires, form.signature, form.key_id} <= query.keys():
        return "incomplete"
    expires = query[form.expires]
    if _is_over(expires, now):
        return "expired"
    key = keys.get(query[form.key_id])
    if key is None or not key.enabled:
        return "key"
    signature = form.sign(path, expires, key.secret)
    is_right = hmac.compare_digest(signature.encode(), query[form.signature].encode())
    return "" if is_right else "mismatch"


def _is_over(expires: str, now: datetime) -> bool:
    """Return whether a Unix time, if it is one, has come."""
    is_time = expires.isascii() and expires.isdecimal() and len(expires) <= _MAX_DIGITS
    return is_time and int(expires) <= now.timestamp()


def _xml(refusal: Refusal, path: str) -> Response:
    key = path.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = (
        f"<?xml version='1.0' encoding='utf-8'?><Error><Code>{refusal.code}</Code>"
        f"<Message>{refusal.message}</Message><Resource>/{key}</Resource></Error>"
    )
    return Response(text, refusal.status, media_type=_XML)
