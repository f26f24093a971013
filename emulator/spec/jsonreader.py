"""A JSON object read as it arrives: large documents hold nobody up, and no text is kept."""

import codecs
import json
import re
from math import isfinite
from typing import Any, NamedTuple

from emulator.spec import jsontext

_BLANK = re.compile(r"[ \t\n\r]*")
_AFTER = tuple(" \t\n\r,]}")
_INCOMPLETE = object()


class _Step(NamedTuple):
    """What may come next: characters with the step after each, or else a value."""

    expected: str
    marks: dict[str, str]


# `name` and `item` are steps at which a value is read; the others are marks between values.
_STEPS = {
    "object": _Step("an object", {"{": "name or end"}),
    "name or end": _Step("a member's name", {"}": "end", '"': "name"}),
    "name": _Step("a member's name", {}),
    "colon": _Step("':'", {":": "value"}),
    "value": _Step("a value", {"[": "item or end"}),
    "item or end": _Step("an item", {"]": "after member"}),
    "item": _Step("an item", {}),
    "after item": _Step("',' or ']'", {",": "item", "]": "after member"}),
    "after member": _Step("',' or '}'", {",": "name", "}": "end"}),
    "end": _Step("nothing more", {}),
}


class Reader:
    """Builds the object of a JSON text that comes in pieces.

    Members that are lists are read item by item, so the cost of a piece is its length. It is as
    strict as `jsontext.decode`, and 1.0 is an integer. Raises ValueError.
    """

    def __init__(self) -> None:
        self.document: dict[str, Any] = {}
        self._bytes = codecs.getincrementaldecoder("utf-8")()
        self._values = json.JSONDecoder(parse_float=_number, parse_constant=_refuse)
        self._text = ""
        self._at = 0
        self._step = "object"
        self._name = ""
        # An item that is not whole is tried again once there is twice as much of it.
        self._enough = 0

    def feed(self, piece: bytes, is_last: bool = False) -> None:
        """Read on; what is not whole yet is kept for the next piece."""
        self._text = self._text[self._at :] + self._bytes.decode(piece, is_last)
        self._at = 0
        if len(self._text) < self._enough and not is_last:
            return
        while self._read_on(is_last):
            pass
        if is_last and self._step != "end":
            raise ValueError(f"ends where {_STEPS[self._step].expected} was expected")

    def _read_on(self, is_last: bool) -> bool:
        """Take one step; return whether there may be another in what has come."""
        match = _BLANK.match(self._text, self._at)
        self._at = match.end() if match else self._at
        if self._at == len(self._text):
            return False
        step = _STEPS[self._step]
        following = step.marks.get(self._text[self._at])
        if following:
            return self._pass(following)
        if self._step in ("name", "value", "item", "item or end"):
            return self._take(is_last)
        raise ValueError(f"expected {step.expected}, not {self._text[self._at]!r}")

    def _pass(self, following: str) -> bool:
        if following == "item or end":
            self.document[self._name] = []
        if following != "name" or self._text[self._at] == ",":
            self._at += 1
        self._step = following
        return True

    def _take(self, is_last: bool) -> bool:
        value = self._value(is_last)
        if value is _INCOMPLETE:
            return False
        if self._step == "name":
            if not isinstance(value, str):
                raise ValueError("expected a member's name, in quotes")
            self._name, self._step = value, "colon"
        elif self._step == "value":
            self.document[self._name] = value
            self._step = "after member"
        else:
            self.document[self._name].append(value)
            self._step = "after item"
        return True

    def _value(self, is_last: bool) -> Any:
        text, begin = self._text, self._at
        try:
            value, end = self._values.raw_decode(text, begin)
        except json.JSONDecodeError as error:
            if is_last:
                raise ValueError(f"is no JSON: {error.msg}") from None
            self._enough = 2 * (len(text) - begin)
            return _INCOMPLETE
        except RecursionError:
            raise ValueError("nested too deeply") from None
        # Of a number that is cut, the beginning is a number too: `0` of `0.5`, `1` of `1e5`.
        if text[begin] not in '"[{' and not is_last and text[end : end + 1] not in _AFTER:
            self._enough = 2 * (len(text) - begin)
            return _INCOMPLETE
        if text.find("\\u", begin, end) >= 0:
            jsontext.decode(text[begin:end].encode())  # which refuses half of a surrogate pair
        self._at, self._enough = end, 0
        return value


def _number(text: str) -> int | float:
    number = float(text)
    if not isfinite(number):
        raise ValueError(f"the number {text[:20]} is out of range")
    return int(number) if number.is_integer() else number


def _refuse(text: str) -> None:
    raise ValueError(f"{text} is no JSON")
