"""Where a request can be changed, and how."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from string import ascii_letters, digits

from hypothesis import settings
from hypothesis import strategies as st

from contract_tests.signers import Wire
from tests.vendors.tampering.meaning import path_of, query_of

thorough = settings(deadline=None, derandomize=True, database=None, max_examples=50)

VISIBLE = "".join(map(chr, range(0x21, 0x7F)))
BYTES = "".join(map(chr, range(0x100)))
IN_TARGETS = VISIBLE.replace("#", "")
IN_HEADERS = f"{VISIBLE} \t\xe9\xff"
# None that would end a value: the change stays within the field that is looked at.
IN_VALUES = f"{ascii_letters}{digits}-_.~"


@dataclass(frozen=True)
class Place:
    """A text within a request, where it stands, and the codes that may answer a change of it."""

    name: str
    read: Callable[[Wire], str]
    write: Callable[[Wire, str], Wire]
    alphabet: str
    separator: str
    codes: frozenset[str]

    def within(
        self, name: str, pattern: str, *codes: str, separator: str = "", alphabet: str = ""
    ) -> "Place":
        """Return the place of the pattern's group inside this one."""

        def find(wire: Wire) -> re.Match[str]:
            found = re.search(pattern, self.read(wire))
            assert found, f"{pattern} matches nothing in {self.read(wire)}"
            return found

        def write(wire: Wire, new: str) -> Wire:
            found = find(wire)
            text = found.string
            return self.write(wire, text[: found.start(1)] + new + text[found.end(1) :])

        # A comma would end any part of an Authorization header; the whole header is a place too.
        letters = alphabet or self.alphabet.replace(",", "")
        return Place(name, lambda wire: find(wire)[1], write, letters, separator, frozenset(codes))

    def value_of(self, field: str, *codes: str) -> "Place":
        """Return the place of one field's value in this query or form."""
        return self.within(field, f"(?:^|&){field}=([^&]*)", *codes, alphabet=IN_VALUES)


def body(*codes: str, separator: str = "&") -> Place:
    return Place(
        "body",
        lambda wire: wire.body.decode("latin-1"),
        lambda wire, new: wire.but(body=new.encode("latin-1")),
        BYTES,
        separator,
        frozenset(codes),
    )


def query(*codes: str) -> Place:
    return Place(
        "query",
        query_of,
        lambda wire, new: wire.but(target=f"{path_of(wire)}?{new}"),
        IN_TARGETS,
        "&",
        frozenset(codes),
    )


def path(*codes: str) -> Place:
    return Place(
        "path",
        lambda wire: path_of(wire)[1:],
        lambda wire, new: wire.but(target=f"/{new}{wire.target[1:]}"),
        IN_VALUES,
        "",
        frozenset(codes),
    )


def header(name: str, *codes: str, without: str = "") -> Place:
    """Return the place of a header's value; blanks around it are a case of their own, below."""
    return Place(
        name,
        lambda wire: wire.headers[name],
        lambda wire, new: wire.but(headers={**wire.headers, name: new.strip(" \t")}),
        "".join(letter for letter in IN_HEADERS if letter not in without),
        "",
        frozenset(codes),
    )


@dataclass(frozen=True)
class Change:
    """One thing to do to a text, at a position that counts round and round."""

    kind: str
    at: int
    letter: str

    def of(self, text: str, separator: str) -> str:
        units = text.split(separator) if "part" in self.kind else list(text)
        i = self.at % max(len(units), 1)
        before, unit, after = units[:i], units[i : i + 1], units[i + 1 :]
        match self.kind.split():
            case ["replace"]:
                unit = [self.letter]
            case ["insert"]:
                before = [*before, self.letter]
            case ["drop", *_]:
                unit = []
            case ["double", *_]:
                unit = unit * 2
            case ["move", *_]:
                before, after = [], before + after
        return (separator if "part" in self.kind else "").join(before + unit + after)


def changes(place: Place) -> st.SearchStrategy[Change]:
    kinds = ["replace", "insert", "drop", "double"]
    if place.separator:
        kinds += ["drop part", "double part", "move part"]
    return st.builds(
        Change, st.sampled_from(kinds), st.integers(0, 2**16), st.sampled_from(place.alphabet)
    )
