"""The line of a key in a TOML text."""

import pytest

from emulator.spec.document import DocumentError, Table, parse
from emulator.spec.line import find, located

TEXT = '''\
title = "x"
why = """
[[rules]]
every = 3
"""

[[rules]]
fault = "refuse"

[[rules]]
fault = "latency"  # the second
seconds = 3
parameters = { RoomId = 7 }

[world]
unknown_resources = "assume"

[[world.accounts]]
vendor = "tencent"

[[world.accounts.keys]]
id = "a"

[[world.accounts]]
"vendor" = "alibaba"

[[world.accounts.keys]]
id = "b"
'''


@pytest.mark.parametrize(
    ("path", "problem", "line"),
    [
        ("", "'title' must not be empty", 1),
        ("", "missing key 'seed'", 0),
        ("rules.0", "'fault' must be one of these", 8),
        ("rules.1", "'seconds' must be int", 12),
        ("rules.1", "missing key 'code'", 10),
        ("rules.1.parameters", "'RoomId' is wrong", 13),
        ("world", "unknown key 'unknown_resources'", 16),
        ("world.accounts.0.keys.0", "'id' must not be empty", 22),
        ("world.accounts.1", "'vendor' must be another", 25),
        ("world.accounts.1.keys.0", "'id' must not be empty", 28),
        ("world.accounts.2", "'vendor' is missing", 15),
    ],
)
def test_a_key_is_found_where_it_stands_else_its_table(path: str, problem: str, line: int) -> None:
    assert find(TEXT, path, problem) == line


def test_a_complaint_is_told_with_its_line() -> None:
    (_, second) = parse(TEXT, "x.toml").tables("rules")

    told = located(second.error("unknown key 'fault'"), TEXT)

    assert str(told) == "x.toml:11: rules.1: unknown key 'fault'"


def test_a_complaint_about_what_has_no_line_is_told_as_it_is() -> None:
    for error in (Table("x.toml", {}).error("is odd"), DocumentError("x.toml: cannot be read")):
        assert located(error, TEXT) is error
