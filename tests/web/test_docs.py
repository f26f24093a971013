"""The page about the administration is true."""

import re
from pathlib import Path

import emulator
from contract_tests.signers import Wire
from emulator.web import admin
from tests.server import HOST, InProcess

PAGE = (Path(emulator.__file__).parent.parent / "docs" / "admin.md").read_text(encoding="utf-8")


def test_the_page_lists_every_route_with_what_it_does() -> None:
    listed = re.findall(r"^\| `([A-Z]+ /\S*)` \| (.+) \|$", PAGE, re.MULTILINE)

    operations = (*admin.SERVER_OPERATIONS, *admin.NAMESPACE_OPERATIONS)
    assert listed == [
        (f"{each.method} {each.path.replace(':path', '')}", each.summary) for each in operations
    ]


def test_what_the_page_shows_can_be_asked(emulator: InProcess) -> None:
    shown = re.findall(
        r"^\$ curl (?:-X (\w+) )?'?localhost:4588(\S+?)'?(?: -d '(.+)')?$", PAGE, re.MULTILINE
    )

    answers = [
        emulator.send(Wire(method or "GET", path, {"host": HOST}, body.encode()))
        for method, path, body in shown
    ]

    assert [answer.status for answer in answers] == [200, 200, 200, 201, 200]
