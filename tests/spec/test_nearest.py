"""The known name that is most like one that nobody knows."""

import pytest

from emulator.spec import jsontext
from emulator.spec.document import DocumentError, Table
from emulator.spec.nearest import LONGEST, nearest, quoted, suggestion
from emulator.world import library
from emulator.world.worldfile import Usual, Vocabulary, decode_accounts

KNOWN = ("CreateSnapshotTask", "DescribeSnapshotTask", "StopSnapshot")
# Comparing a name of this length with a known one, letter by letter, would take seconds.
ENDLESS = "CreateSnapshotTask" + "k" * 10_000_000


def test_the_name_that_is_most_like_an_unknown_one_is_found() -> None:
    assert nearest("CreateSnapshotTak", KNOWN) == "CreateSnapshotTask"
    assert suggestion("StopSnapsht", KNOWN) == "; did you mean 'StopSnapshot'?"


def test_what_is_like_no_known_name_has_no_suggestion() -> None:
    assert nearest("zzz", KNOWN) is None
    assert suggestion("zzz", KNOWN) == ""


def test_of_a_long_name_only_the_beginning_is_compared_and_shown() -> None:
    assert nearest("StopSnapshot" + "k" * 4, KNOWN) == "StopSnapshot"
    assert nearest(ENDLESS, [*KNOWN, ENDLESS]) is None
    assert quoted(ENDLESS) == f"{ENDLESS[:LONGEST]!r}…"


class Named(jsontext.Shape):
    name: str = ""


def test_every_refusal_of_an_unknown_name_is_short_however_long_the_name_is() -> None:
    words = Vocabulary({"tencent": ()}, {}, frozenset(), {}, {})
    table = Table("file", {"accounts": [{"vendor": ENDLESS}]})
    unknown = Table("file", {ENDLESS: 1})

    with pytest.raises(DocumentError) as vendor:
        decode_accounts(table, words, Usual())
    with pytest.raises(DocumentError) as key:
        unknown.close()
    with pytest.raises(DocumentError) as scenario:
        library.find(ENDLESS)
    with pytest.raises(ValueError, match="unknown key") as member:
        jsontext.read_shape({ENDLESS: ""}, Named)

    assert max(len(str(each.value)) for each in (vendor, key, scenario, member)) < 300
