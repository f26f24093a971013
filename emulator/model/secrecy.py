"""Secrets kept out of texts, in every spelling in which a request or an answer may have them."""

import base64
import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

from emulator.spec.password import without_passwords

HIDDEN = "***"
_LONGEST, _BEGINNING = 1024, 48
_UNRESERVED = "-_.~"
_QUOTES = {'"': "&quot;", "'": "&apos;"}


def hide(text: str, secrets: Iterable[str]) -> str:
    """Return the text without any of the secrets, however they are written in it, or a password
    in a URL.

    Of a text with a secret that is too long to be looked for as a whole, nothing is returned.
    """
    text, found = without_passwords(text), frozenset(secret for secret in secrets if secret)
    if not found or not text:
        return text
    long = frozenset(each[:_BEGINNING] for each in found if len(each) > _LONGEST)
    if long and _pattern(long).search(text):
        return HIDDEN
    short = frozenset(each for each in found if len(each) <= _LONGEST)
    return _pattern(short).sub(HIDDEN, text) if short else text


@lru_cache(maxsize=64)
def _pattern(secrets: frozenset[str]) -> re.Pattern[str]:
    """Return what finds the secrets; some signatures have header values in lower case."""
    texts = {spelling for secret in secrets for spelling in spellings(secret)}
    longest_first = sorted(texts, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)), re.IGNORECASE)


def spellings(secret: str) -> Iterator[str]:
    """Yield the secret as texts, JSON, XML, queries, forms and Base64 have it."""
    for written in _written(secret):
        yield written
        for once in _encoded(written):
            yield once
            yield from _encoded(once)


def _written(secret: str) -> Iterator[str]:
    raw = secret.encode("utf-8", "replace")
    yield secret
    # As a header is read, and as Python's `%r` shows it.
    yield raw.decode("latin-1")
    yield repr(secret)[1:-1]
    yield repr(raw.decode("latin-1"))[1:-1]
    for in_ascii in (True, False):
        in_json = json.dumps(secret, ensure_ascii=in_ascii)[1:-1]
        yield in_json
        yield json.dumps(in_json, ensure_ascii=in_ascii)[1:-1]
        yield escape(in_json)
    yield escape(secret)
    yield escape(secret, _QUOTES)
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        yield encode(raw).decode().rstrip("=")


def _encoded(text: str) -> Iterator[str]:
    """Yield the text percent-encoded, with blanks as `%20` and as `+`."""
    raw = text.encode("utf-8", "replace")
    yield quote(raw, safe=_UNRESERVED)
    yield quote_plus(raw, safe=_UNRESERVED)
    # As Node writes it, and as a path has it.
    yield quote(raw, safe="-_.~!*'()")
    yield quote(raw, safe="-_.~/:")
