"""Lines: where in a TOML text a key stands, as far as a reader of lines can tell."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from emulator.spec.document import DocumentError, read_text

_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"""\s*((?:[\w-]+|"[^"]*"|'[^']*')(?:\s*\.\s*(?:[\w-]+|"[^"]*"|'[^']*'))*)\s*=""")
_QUOTED = re.compile(r"'([^']+)'")
_LONG = ('"""', "'''")
_Path = tuple[str, ...]


def located(error: DocumentError, text: str) -> DocumentError:
    """Return the complaint with the line it is about, where there is one, after the file."""
    line = find(text, error.path, error.problem)
    if not line or not error.problem:
        return error
    where = f"{error.where}:{line}"
    path = f"{error.path}: " if error.path else ""
    return DocumentError(f"{where}: {path}{error.problem}", where, error.path, error.problem)


@contextmanager
def locating(path: Path | None) -> Iterator[None]:
    """Have a complaint about a file tell the line; None for no file."""
    try:
        yield
    except DocumentError as error:
        if path is None or error.where != str(path):
            raise
        raise located(error, read_text(path, str(path))) from None


def find(text: str, path: str, problem: str = "") -> int:
    """Return the line of the key that a problem names first, else of its table; 0 for none."""
    table = tuple(path.split(".")) if path else ()
    named = _QUOTED.search(problem)
    lines = dict(_keys(text))
    wanted = (*table, *named[1].split(".")) if named else table
    while wanted and wanted not in lines:
        wanted = wanted[:-1]
    return lines.get(wanted, 0)


def _keys(text: str) -> Iterator[tuple[_Path, int]]:
    """Yield the path of every table and key with its line, from the last line to the first."""
    found: list[tuple[_Path, int]] = []
    entries: Counter[_Path] = Counter()
    table: _Path = ()
    ending = ""
    for number, line in enumerate(text.splitlines(), 1):
        if ending:
            ending = "" if ending in line else ending
            continue
        if header := _HEADER.fullmatch(line):
            table = _numbered(_parts(header[2]), entries, is_entry=header[1] == "[[")
            found.append((table, number))
        elif key := _KEY.match(line):
            found.append(((*table, *_parts(key[1])), number))
            ending = next((mark for mark in _LONG if line.count(mark) == 1), "")
    return reversed(found)


def _numbered(name: _Path, entries: "Counter[_Path]", is_entry: bool) -> _Path:
    """Return a header's path with the number of the entry that each array is at."""
    path: list[str] = []
    for depth in range(1, len(name) + 1):
        prefix = name[:depth]
        path.append(name[depth - 1])
        if is_entry and depth == len(name):
            entries[prefix] += 1
            for other in [each for each in entries if each[:depth] == prefix and each != prefix]:
                del entries[other]  # the arrays inside begin anew
        if entries[prefix]:
            path.append(str(entries[prefix] - 1))
    return tuple(path)


def _parts(name: str) -> _Path:
    return tuple(part.strip().strip("\"'") for part in name.split("."))
