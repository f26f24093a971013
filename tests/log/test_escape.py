"""What a line of the log never has in it."""

import json
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from emulator.log.escape import escaped, escaped_in_json

FORGING = {
    "\n": r"\n",
    "\r": r"\r",
    "\t": r"\t",
    "\x1b": r"\x1b",
    "\x00": r"\x00",
    "\x7f": r"\x7f",
    "\x85": r"\x85",
    "\x9b": r"\x9b",
    "\u2028": r"\u2028",
    "\u202e": r"\u202e",
    "\u2066": r"\u2066",
    "\ufeff": r"\ufeff",
    "\ud800": r"\ud800",
}


@pytest.mark.parametrize("character", FORGING, ids=lambda each: f"U+{ord(each):04X}")
def test_a_character_that_forges_or_reorders_a_line_is_escaped(character: str) -> None:
    assert escaped(f"a{character}b") == f"a{FORGING[character]}b"


@given(st.text())
def test_no_control_and_no_mark_of_direction_is_left(text: str) -> None:
    left = {unicodedata.category(each) for each in escaped(text) if ord(each) < 0x10000}

    assert not left & {"Cc", "Zl", "Zp", "Cs"}
    assert not {unicodedata.bidirectional(each) for each in escaped(text)} & {
        "LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"
    }  # fmt: skip


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_json_says_the_same(text: str) -> None:
    written = escaped_in_json(json.dumps(text, ensure_ascii=False))

    assert json.loads(written) == text
    assert written == escaped(written)


def test_what_people_write_stays_as_it_is() -> None:
    text = "The value `2561` 参数类型应为 «é» \N{GRINNING FACE} is not valid."

    assert escaped(text) == escaped_in_json(text) == text
