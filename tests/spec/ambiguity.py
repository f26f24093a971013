"""How many ways a backtracking matcher has through a text: a bounded number, or ever more.

A text has ever more ways exactly where a word leads from one position back to itself, from there
to a second one, and from that back to itself (Weber and Seidl, "On the degree of ambiguity of
finite automata", 1991). Without such a word the steps of a match grow with the text at most.
"""

from collections.abc import Iterator

from tests.spec.automaton import FIRST, Automaton, automaton, reaches

SUFFIXES = ("", "\n", "\0", "中", "!", "/x", "\n/x")


def ambiguity(pattern: str) -> str:
    """Return where matching takes more than linearly many steps, "" where it never does."""
    return _of(automaton(pattern))


def _of(built: Automaton) -> str:
    if built.has_costly_assertion:
        return "an assertion with a loop stands in a loop"
    if found := next(filter(None, map(_of, built.assertions)), ""):
        return found
    positions = range(len(built.takes))
    loops = [p for p in positions if reaches(built, p, p)]
    for one in loops:
        for other in loops:
            if built.follows[one].count(other) > 1 and reaches(built, other, one):
                return f"position {one} leads to {other} in two ways"
            if one != other and reaches(built, one, other) and _have_a_word(built, one, other):
                return f"positions {one} and {other} take the same word again and again"
    return ""


def _have_a_word(built: Automaton, one: int, other: int) -> bool:
    """Return whether one word leads from `one` to itself and to `other`, and that to itself."""
    start, end = (one, one, other), (one, other, other)
    seen, ahead = {start}, [start]
    while ahead:
        first, second, third = ahead.pop()
        for a in built.follows.get(first, ()):
            for b in built.follows.get(second, ()):
                both = built.takes[a] & built.takes[b]
                for c in built.follows.get(third, ()) if both else ():
                    step = (a, b, c)
                    if step == end and both & built.takes[c]:
                        return True
                    if step not in seen and both & built.takes[c]:
                        seen.add(step)
                        ahead.append(step)
    return False


def steps(built: Automaton, text: str) -> int:
    """Return how many steps a matcher takes that never succeeds, and so tries every way."""
    taken, ahead = 0, [(FIRST, 0)]
    while ahead:
        position, index = ahead.pop()
        taken += 1
        if index < len(text):
            ahead.extend((p, index + 1) for p in built.after(position, ord(text[index])))
    return taken + sum(steps(assertion, text) for assertion in built.assertions)


def pumped(built: Automaton, times: int) -> Iterator[str]:
    """Yield texts that go round loops of the pattern so many times, and then go wrong."""
    positions = range(len(built.takes))
    loops = [p for p in positions if reaches(built, p, p)]
    rounds = {(_word(built, FIRST, p), _word(built, p, q)) for p in loops for q in loops}
    for lead, loop in sorted((lead, loop) for lead, loop in rounds if lead and loop):
        yield from (lead + loop * times + suffix for suffix in SUFFIXES)
    for assertion in built.assertions:
        yield from pumped(assertion, times)


def _word(built: Automaton, start: int, end: int) -> str | None:
    """Return a shortest text that leads from one position to another, None where none does."""
    seen, ahead = set(), [(start, "")]
    for position, text in ahead:  # which grows meanwhile
        for p in built.follows.get(position, ()):
            longer = text + chr(min(built.takes[p], default=0))
            if p == end and built.takes[p]:
                return longer
            if p not in seen and built.takes[p]:
                seen.add(p)
                ahead.append((p, longer))
    return None
