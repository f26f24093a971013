"""The contract tests know the emulator by HTTP alone, so that no defect can hide in both."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOM = Path(__file__).parent
# The one place that knows how an emulator is had in process; even it asks the tests for one.
ASSEMBLY = "conftest.py"


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield f"{'.' * node.level}{node.module or ''}"
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


@pytest.mark.parametrize("path", sorted(ROOM.rglob("*.py")), ids=lambda path: path.name)
def test_no_module_imports_the_emulator(path: Path) -> None:
    forbidden = ("emulator",) if path.name == ASSEMBLY else ("emulator", "tests")

    found = [name for name in _imports(path) if name.partition(".")[0] in forbidden]

    assert not found, f"{path.name} imports {', '.join(found)}"
