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
# Each secret has some forty spellings, and every refused call makes the server look for them all.
_MOST, _MOST_CHARACTERS = 64, 8192
_UNRESERVED = "-_.~"
_QUOTES = {'"': "&quot;", "'": "&apos;"}


def hide(text: str, secrets: Iterable[str]) -> str:
    """Return the text without any of the secrets, however they are written in it, or a password
    in a URL.

    Of a text with a secret that is too long to be looked for as a whole, nothing is returned, and
    nothing where there are too many secrets to look for.
    """
    text, found = without_passwords(text), frozenset(secret for secret in secrets if secret)
    if not found or not text:
        return text
    long = frozenset(each[:_BEGINNING] for each in found if len(each) > _LONGEST)
    short = frozenset(each for each in found if len(each) <= _LONGEST)
    if len(found) > _MOST or sum(map(len, short)) > _MOST_CHARACTERS:
        return HIDDEN
    folded = text.casefold()
    if long and (there := _there(folded, long)) and _pattern(there).search(text):
        return HIDDEN
    there = _there(folded, short)
    return _pattern(there).sub(HIDDEN, text) if there else text


def _there(folded: str, secrets: frozenset[str]) -> list[str]:
    """Return the spellings whose beginning is in a text; to look for all takes far longer."""
    return [spelling for beginning, spelling in _spelled(secrets) if beginning in folded]


@lru_cache(maxsize=64)
def _spelled(secrets: frozenset[str]) -> list[tuple[str, str]]:
    """Return the beginning and the whole of each spelling, the longest first."""
    texts = {spelling for secret in secrets for spelling in spellings(secret)}
    longest_first = sorted(texts, key=len, reverse=True)
    return [(spelling[:_BEGINNING].casefold(), spelling) for spelling in longest_first]


def _pattern(spellings: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the spellings; some signatures have header values in lower case."""
    return re.compile("|".join(map(re.escape, spellings)), re.IGNORECASE)


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
