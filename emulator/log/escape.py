"""Characters that would forge, hide or reorder a line of the log, as escapes."""

import re

# C0 and C1 controls with ESC, CR and LF; the marks of direction that reorder what is read (Unicode
# Technical Report 36, 2.10.1); what is invisible; other ends of lines; and what is not UTF-8.
_UNSAFE = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f"
    "\ud800-\udfff\ufeff\ufff9-\ufffb]"
)
_NAMED = {"\n": r"\n", "\r": r"\r", "\t": r"\t"}


def escaped(text: str) -> str:
    """Return a text for one line of a log, with such characters as in Python's literals."""
    return _UNSAFE.sub(_escape, text)


def escaped_in_json(text: str) -> str:
    """Return JSON text that says the same, and has no such character."""
    return _UNSAFE.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if named := _NAMED.get(character):
        return named
    code = ord(character)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
