"""No pattern can be made to backtrack: the steps of a match grow with the text, and no faster."""

import ast
import tomllib
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest

from tests.spec.ambiguity import ambiguity, pumped, steps
from tests.spec.automaton import automaton

EMULATOR = Path(__file__).parent.parent.parent / "emulator"
FUNCTIONS = {"compile", "match", "fullmatch", "search", "sub", "split", "findall", "finditer"}


def patterns_of(document: Any, is_word: bool = False) -> Iterator[str]:
    """Yield each `pattern` of a spec, but for the reasons why one is assumed."""
    if isinstance(document, dict):
        for name, value in document.items():
            if name == "pattern" and isinstance(value, str):
                yield value
            elif name not in ("assumed", "drift", "codes"):
                yield from patterns_of(value)
    elif isinstance(document, list):
        for value in document:
            yield from patterns_of(value)


def patterns_in(module: ast.AST) -> Iterator[str]:
    """Yield each pattern that code gives to `re` as a text, or to msgspec as a limit."""
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and (found := _pattern_node(node)):
            text = ast.literal_eval(found)
            yield text.decode("latin-1") if isinstance(text, bytes) else text


def _pattern_node(call: ast.Call) -> ast.Constant | None:
    named = [each.value for each in call.keywords if each.arg == "pattern"]
    is_re = (
        isinstance(call.func, ast.Attribute)
        and isinstance(call.func.value, ast.Name)
        and (call.func.value.id, call.func.attr in FUNCTIONS) == ("re", True)
    )
    found = next(iter(named or (call.args if is_re else ())), None)
    return found if isinstance(found, ast.Constant) and found.value else None


@lru_cache
def patterns() -> list[str]:
    found = set()
    for path in EMULATOR.rglob("specs/**/*.toml"):
        found |= set(patterns_of(tomllib.loads(path.read_text())))
    for path in EMULATOR.rglob("*.py"):
        found |= set(patterns_in(ast.parse(path.read_text())))
    return sorted(found)


@pytest.mark.parametrize("pattern", patterns())
def test_no_pattern_can_be_matched_in_ever_more_ways(pattern: str) -> None:
    assert ambiguity(pattern) == ""


@pytest.mark.parametrize("pattern", patterns())
def test_twice_the_text_takes_twice_the_steps_at_most(pattern: str) -> None:
    built = automaton(pattern)

    for short, long in zip(pumped(built, 20), pumped(built, 40), strict=True):
        assert steps(built, long) <= 2 * steps(built, short), short


@pytest.mark.parametrize(
    "pattern",
    [
        r".*\{Count\}.*",
        "a*a*",
        "(a+)+",
        "(ab|a|b)*",
        "(?:a|b)*(?:b|c)*",
        "[a-z]+[0-9a-z]+",
        "(?:ab?)*(?:ba?)*",
        "(?=a*a*)x",
        "(?:(?=a*b)a)*",
    ],
)
def test_a_pattern_that_backtracks_is_found(pattern: str) -> None:
    assert ambiguity(pattern)


@pytest.mark.parametrize("pattern", [r"(\w+\.)*\w+", "[^/]+/.+", "(?:a|b)*c", "(?=.*a)(?=.*b).*"])
def test_a_pattern_whose_loops_are_kept_apart_is_not(pattern: str) -> None:
    assert not ambiguity(pattern)


@pytest.mark.parametrize("pattern", ["a*a*", "(a+)+", r".*\{Count\}.*"])
def test_the_steps_of_a_pattern_that_backtracks_grow_faster_than_the_text(pattern: str) -> None:
    built = automaton(pattern)
    short, long = (max(steps(built, text) for text in pumped(built, n)) for n in (6, 12))

    assert long > 2 * short
