"""Whether something prints what a document says, whatever ids, moments and ports come out."""

import re
from collections.abc import Iterator

_UUID = "[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}"
# What differs from run to run, as documents show it, and what may stand there.
_VARYING = {
    "…": r".*?",
    _UUID: _UUID,
    r"\b[0-9a-f]{8}-(?=…)": r"[0-9a-f]{8}-",
    r"(?<=-)[0-9a-f]{6,8}\b": r"(?:gw\d+)?[0-9a-f]{6,8}",
    r"\b\d\d:\d\d:\d\d\b": r"\d\d:\d\d:\d\d",
    r"(?<=127\.0\.0\.1:)\d+\b": r"\d+",
    r"\d+(?:\.\d+)?(?= (?:ms|s)\b)": r"\d+(?:\.\d+)?",
    r"-{4,}": r"-+",
}
_ANY = re.compile("|".join(f"({shown})" for shown in _VARYING))


def differences(printed: str, said: str) -> list[str]:
    """Return the lines of a document that are not, in this order and alone, what was said."""
    shown, came = printed.splitlines(), said.splitlines()
    if len(shown) != len(came):
        return [f"{len(came)} lines came, printed are {len(shown)}: {said}"]
    return [
        f"printed {wanted!r}, came {got!r}"
        for wanted, got in zip(shown, came, strict=True)
        if not like(wanted).fullmatch(got)
    ]


def absent(printed: str, said: str) -> list[str]:
    """Return the lines of a document that are not, in this order, within what was said."""
    came = iter(said.splitlines())
    return [line for line in printed.splitlines() if line.strip() and not _found(line, came)]


def like(line: str) -> re.Pattern[str]:
    """Return a pattern of the lines that stand for one of a document."""
    return re.compile("".join(_parts(line)))


def _found(line: str, came: Iterator[str]) -> bool:
    pattern = like(line.strip())
    return any(pattern.search(each) for each in came)


def _parts(line: str) -> Iterator[str]:
    end = 0
    for match in _ANY.finditer(line):
        yield re.escape(line[end : match.start()])
        yield tuple(_VARYING.values())[(match.lastindex or 1) - 1]
        end = match.end()
    yield re.escape(line[end:])
