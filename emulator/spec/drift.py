"""What a spec says of its differences from the models in the vendor's SDK packages."""

from collections.abc import Iterator

from emulator.spec.document import Table


def explanations(table: Table, *parts: str) -> dict[str, str]:
    """Read `drift`: by the path of each difference, one line on why it is there.

    `parts` are where a path may begin. Whether it leads to a difference shows only beside the
    packages, which the contract tests have.
    """
    drift = table.table("drift")
    found = {path: why for part in parts for path, why in _lines(drift.table(part), part)}
    drift.close()
    return found


def _lines(table: Table, path: str) -> Iterator[tuple[str, str]]:
    for key, value in table.content.items():
        if isinstance(value, dict):
            yield from _lines(table.table(key), f"{path}.{key}")
        elif isinstance(value, str) and value.strip() and "\n" not in value:
            yield f"{path}.{key}", value
        else:
            raise table.error(f"{key!r} must be one line of text")
