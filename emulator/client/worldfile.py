"""World files beside a program: read where they are, and complained about with their lines."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from emulator.client.connection import AdminProblem
from emulator.spec.document import parse, read_text
from emulator.spec.line import find

World = str | os.PathLike[str] | Mapping[str, Any]
_COMPLAINT = re.compile(r"\w+: (?:(?P<path>[\w-]+(?:\.[\w-]+)*): )?(?P<problem>.*)", re.DOTALL)


@contextmanager
def world_of(world: World, folder: Path) -> Iterator[Mapping[str, Any]]:
    """Give what a world file declares, or a mapping as it is.

    What the server refuses of a file is told with file and line. Raises DocumentError where the
    file is none.
    """
    if isinstance(world, Mapping):
        yield world
        return
    path = beside(world, folder)
    text = read_text(path, str(path))
    try:
        yield parse(text, str(path)).content
    except AdminProblem as problem:
        raise _located(problem, text, str(path)) from None


def beside(path: str | os.PathLike[str], folder: Path | None) -> Path:
    """Return where a path leads: in a folder, or else in the working folder.

    So a test finds the file beside it, from wherever it is run.
    """
    there = (folder or Path()) / path
    return there if there.exists() or not Path(path).exists() else Path(path)


def _located(problem: AdminProblem, text: str, where: str) -> AdminProblem:
    complaint = _COMPLAINT.fullmatch(problem.detail)
    if complaint is None:
        return problem
    path, said = complaint["path"] or "", complaint["problem"]
    line = find(text, path, said)
    if not line:
        return problem
    place = ": ".join(filter(None, (f"{where}:{line}", path)))
    return AdminProblem(problem.status, problem.title, f"{place}: {said}")
