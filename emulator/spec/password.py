"""Passwords in URLs, as in `http://user:password@host/`, kept out of what is shown."""

import re
from collections.abc import Iterator
from typing import Annotated

Url = Annotated[str, "may have a password in it"]

HIDDEN = "***"
# The password goes to the last @ before the path, and neither part goes beyond that.
_PASSWORD = re.compile(r"(?<=://)([^/?#\s:@]*:)([^/?#\s]+)(?=@)")


def has_password(text: str) -> bool:
    return "://" in text and _PASSWORD.search(text) is not None


def without_passwords(text: str) -> str:
    """Return a text with the password of each URL in it hidden."""
    return _PASSWORD.sub(rf"\g<1>{HIDDEN}", text) if "://" in text else text


def credentials(text: str) -> Iterator[str]:
    """Yield `user:password@` of each URL in a text, as it is written there.

    The password alone may be as short as to be found anywhere.
    """
    if "://" in text:
        for found in _PASSWORD.finditer(text):
            yield f"{found[0]}@"
