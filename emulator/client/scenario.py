"""Scenarios as a caller has them: of the server's library by name, in a file, or as a document."""

import os
import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from emulator.client.connection import AdminProblem
from emulator.client.worldfile import beside
from emulator.model.scenario import is_name
from emulator.spec.document import parse, read_text
from emulator.spec.line import find

Scenario = str | os.PathLike[str] | Mapping[str, Any]
_COMPLAINT = re.compile(
    r"body: (?:scenario(?:\.|: ))?(?:(?P<path>(?:rules|world)[\w.-]*): )?(?P<problem>.*)", re.DOTALL
)


@contextmanager
def sent(scenario: Scenario, folder: Path | None = None) -> Iterator[str | Mapping[str, Any]]:
    """Give what the server takes: a name of its library, or the whole document.

    A path is one in the folder, or else in the working folder.
    What the server refuses of a file is told with file and line. Raises DocumentError where the
    file is none.
    """
    if isinstance(scenario, Mapping) or (isinstance(scenario, str) and is_name(scenario)):
        yield scenario
        return
    path = beside(scenario, folder)
    where = str(path)
    text = read_text(path, where)
    try:
        yield parse(text, where).content
    except AdminProblem as problem:
        raise _located(problem, text, where) from None


def _located(problem: AdminProblem, text: str, where: str) -> AdminProblem:
    complaint = _COMPLAINT.fullmatch(problem.detail)
    if complaint is None:
        return problem
    path, said = complaint["path"] or "", complaint["problem"]
    line = find(text, path, said)
    place = ": ".join(filter(None, (f"{where}:{line}" if line else where, path)))
    return AdminProblem(problem.status, problem.title, f"{place}: {said}")
