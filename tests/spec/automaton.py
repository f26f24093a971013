"""A regular expression as an automaton of its positions, to see how a backtracking matcher fares.

A position is one place in the pattern that takes a character. A matcher walks from position to
position and tries the next way where one ends, so the steps it takes on a text are the paths of
the text's beginnings. Assertions are automata of their own.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from re import _constants as op  # the parser behind `re`
from re import _parser as parser
from typing import Any

FIRST = -1
"""Before the first character."""
# A repetition of more turns than this is taken for an endless one, which can only be worse.
MOST_TURNS = 8


@dataclass
class Automaton:
    """`follows[p]` are the positions after `p`; one that is there twice is tried twice."""

    takes: list[frozenset[int]] = field(default_factory=list)
    follows: dict[int, list[int]] = field(default_factory=dict)
    assertions: list["Automaton"] = field(default_factory=list)
    has_costly_assertion: bool = False

    def links(self, froms: Sequence[int], to: Sequence[int]) -> None:
        for one in froms:
            self.follows.setdefault(one, []).extend(to)

    def after(self, position: int, character: int) -> Iterator[int]:
        return (p for p in self.follows.get(position, ()) if character in self.takes[p])


@dataclass(frozen=True)
class Part:
    """A piece of a pattern: where it begins, where it ends, and whether it may be left out."""

    firsts: Sequence[int]
    lasts: Sequence[int]
    is_optional: bool


NOTHING = Part((), (), True)


def automaton(pattern: str) -> Automaton:
    """Return the automaton of a pattern over the characters that it tells apart."""
    tree = parser.parse(pattern)
    built = Automaton()
    part = _sequence(built, tree, _alphabet(tree), in_loop=False)
    built.links((FIRST,), part.firsts)
    return built


def _sequence(built: Automaton, items: Any, alphabet: frozenset[int], in_loop: bool) -> Part:
    whole = NOTHING
    for kind, value in items:
        whole = _joined(built, whole, _part(built, kind, value, alphabet, in_loop))
    return whole


def _joined(built: Automaton, left: Part, right: Part) -> Part:
    built.links(left.lasts, right.firsts)
    firsts = (*left.firsts, *right.firsts) if left.is_optional else left.firsts
    lasts = (*left.lasts, *right.lasts) if right.is_optional else right.lasts
    return Part(firsts, lasts, left.is_optional and right.is_optional)


def _part(built: Automaton, kind: Any, value: Any, alphabet: frozenset[int], in_loop: bool) -> Part:
    if kind in (op.LITERAL, op.NOT_LITERAL, op.ANY, op.IN):
        built.takes.append(_taken(kind, value, alphabet))
        place = (len(built.takes) - 1,)
        return Part(place, place, is_optional=False)
    if kind in (op.MAX_REPEAT, op.MIN_REPEAT):
        least, most, items = value
        return _repeated(built, least, most, items, alphabet, in_loop)
    if kind is op.SUBPATTERN:
        return _sequence(built, value[-1], alphabet, in_loop)
    if kind is op.BRANCH:
        parts = [_sequence(built, each, alphabet, in_loop) for each in value[1]]
        firsts = [p for part in parts for p in part.firsts]
        lasts = [p for part in parts for p in part.lasts]
        return Part(firsts, lasts, any(part.is_optional for part in parts))
    if kind in (op.ASSERT, op.ASSERT_NOT):
        _assert(built, value[1], alphabet, in_loop)
        return NOTHING
    if kind is op.AT:
        return NOTHING
    raise NotImplementedError(f"a pattern with {kind}")


def _repeated(
    built: Automaton, least: int, most: Any, items: Any, alphabet: frozenset[int], in_loop: bool
) -> Part:
    is_endless = most is op.MAXREPEAT or most > MOST_TURNS
    turns = 1 if is_endless else most
    whole = NOTHING
    for turn in range(turns):
        part = _sequence(built, items, alphabet, in_loop or is_endless)
        if is_endless:
            built.links(part.lasts, part.firsts)
        if turn >= least:
            part = Part(part.firsts, part.lasts, is_optional=True)
        whole = _joined(built, whole, part)
    return whole


def _assert(built: Automaton, items: Any, alphabet: frozenset[int], in_loop: bool) -> None:
    inner = Automaton()
    inner.links((FIRST,), _sequence(inner, items, alphabet, in_loop=False).firsts)
    built.assertions.append(inner)
    has_loop = any(reaches(inner, p, p) for p in range(len(inner.takes)))
    built.has_costly_assertion |= in_loop and has_loop


def reaches(built: Automaton, start: int, end: int) -> bool:
    """Return whether some text leads from one position to another."""
    seen, ahead = set(), [start]
    while ahead:
        for position in built.follows.get(ahead.pop(), ()):
            if position == end:
                return True
            if position not in seen:
                seen.add(position)
                ahead.append(position)
    return False


def _taken(kind: Any, value: Any, alphabet: frozenset[int]) -> frozenset[int]:
    """Return the characters of the alphabet that one position takes."""
    if kind is op.LITERAL:
        return frozenset({value})
    if kind is op.NOT_LITERAL:
        return alphabet - {value}
    if kind is op.ANY:
        return alphabet - {ord("\n")}
    is_negated = value[0][0] is op.NEGATE
    taken = {c for c in alphabet if any(_is_in(c, *each) for each in value[is_negated:])}
    return alphabet - taken if is_negated else frozenset(taken)


def _is_in(character: int, kind: Any, value: Any) -> bool:
    if kind is op.LITERAL:
        return bool(character == value)
    if kind is op.RANGE:
        return bool(value[0] <= character <= value[1])
    assert kind is op.CATEGORY
    return _CATEGORIES[value](chr(character))


_CATEGORIES: Mapping[Any, Callable[[str], bool]] = {
    op.CATEGORY_DIGIT: str.isdecimal,
    op.CATEGORY_NOT_DIGIT: lambda text: not text.isdecimal(),
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_NOT_SPACE: lambda text: not text.isspace(),
    op.CATEGORY_WORD: lambda text: text.isalnum() or text == "_",
    op.CATEGORY_NOT_WORD: lambda text: not (text.isalnum() or text == "_"),
}


def _alphabet(tree: Any) -> frozenset[int]:
    """Return one character at least of each kind that the pattern tells apart."""
    return frozenset(map(ord, "09azAZ_ \n\t\0é中")) | frozenset(_named(tree))


def _named(tree: Any) -> Iterator[int]:
    """Yield the characters that a pattern names, and their neighbours."""
    if isinstance(tree, int) and not isinstance(tree, bool) and 0 <= tree < 0x10FFFF:
        yield from (tree, tree + 1, max(tree - 1, 0))
    elif isinstance(tree, list | tuple | parser.SubPattern):
        for each in tree:
            yield from _named(each)
