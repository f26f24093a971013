"""Passwords in URLs, as in `http://user:password@host/`, kept out of what is shown."""

import re
from collections.abc import Iterator

HIDDEN = "***"
# The password goes to the last @ before the path, and neither part goes beyond that.
_PASSWORD = re.compile(r"(?<=://)([^/?#\s:@]*:)([^/?#\s]+)(?=@)")


def without_passwords(text: str) -> str:
    """Return a text with the password of each URL in it hidden."""
    return _PASSWORD.sub(rf"\g<1>{HIDDEN}", text) if "://" in text else text


def passwords(text: str) -> Iterator[str]:
    """Yield the password of each URL in a text, as it is written there."""
    if "://" in text:
        for found in _PASSWORD.finditer(text):
            yield found[2]
