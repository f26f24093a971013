"""The fenced blocks of the documents."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
_FENCE = re.compile(
    r"^(?P<indent> *)```(?P<language>\S*)\n(?P<text>.*?)^(?P=indent)```$", re.DOTALL | re.MULTILINE
)
_ELSEWHERE = {"node_modules", "build", "dist"}


@dataclass(frozen=True)
class Block:
    """One block; `printed` is the text block right after it, which is what it prints."""

    document: str
    line: int
    language: str
    text: str
    printed: str | None = None

    @property
    def first_line(self) -> str:
        return self.text.partition("\n")[0]

    def __str__(self) -> str:
        return f"{self.document}:{self.line}"


def documents() -> list[str]:
    """Return every document of the repository, from its root."""
    return sorted(path.relative_to(ROOT).as_posix() for path in _below(ROOT))


def blocks(document: str) -> list[Block]:
    """Return the blocks of a document; a text block that another one prints is part of that one."""
    return list(_paired(document, (ROOT / document).read_text("utf-8")))


def block(document: str, first_line: str) -> Block:
    """Return the block that begins with a line."""
    (found,) = (each for each in blocks(document) if each.first_line == first_line)
    return found


def _paired(document: str, text: str) -> Iterator[Block]:
    matches = [*_FENCE.finditer(text)]
    skip = -1
    for number, match in enumerate(matches):
        if number == skip:
            continue
        printed = None
        following = matches[number + 1] if number + 1 < len(matches) else None
        is_next = following and not text[match.end() : following.start()].strip()
        if following and is_next and following["language"] == "text":
            printed, skip = following["text"], number + 1
        line = text.count("\n", 0, match.start()) + 1
        yield Block(document, line, match["language"], _outdented(match), printed)


def _outdented(match: re.Match[str]) -> str:
    return re.sub(rf"^{match['indent']}", "", match["text"], flags=re.MULTILINE)


def _below(folder: Path) -> Iterator[Path]:
    """Yield the documents of a folder and those below it that are ours."""
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in _ELSEWHERE and not path.name.startswith("."):
                yield from _below(path)
        elif path.suffix == ".md":
            yield path
