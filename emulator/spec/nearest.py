"""The known name that is most like one that nobody knows."""

from collections.abc import Iterable
from difflib import get_close_matches

# difflib takes time in proportion to the product of the lengths, and names are short.
LONGEST = 64


def nearest(name: str, known: Iterable[str], likeness: float = 0.6) -> str | None:
    """Return the known name that is most like `name`, of which only the beginning is compared.

    None is so where the share of the letters that are the same is below the `likeness`.
    """
    short = [each for each in dict.fromkeys(known) if len(each) <= LONGEST]
    near = get_close_matches(name[:LONGEST], short, 1, likeness)
    return near[0] if near else None


def quoted(name: str) -> str:
    """Return a name in quotes, as a message shows it: of a very long one the beginning."""
    return repr(name) if len(name) <= LONGEST else f"{name[:LONGEST]!r}…"


def suggestion(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name, "" where no known one is like it."""
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near else ""


def with_nearest(name: str, known: Iterable[str]) -> str:
    """Return a name in quotes, and the known one that may be meant."""
    return f"{quoted(name)}{suggestion(name, known)}"
