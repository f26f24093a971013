"""What a document says of the parts of a state, read a little at a time."""

import gc
from collections.abc import Mapping, Sequence
from typing import Any

from emulator.spec.record import Place
from emulator.state.document import Items, PartForm
from emulator.state.table import Changes
from emulator.world.slices import SLICE, slices

Contents = Mapping[str, Sequence[Any]]
"""By the name of a part, changes that make an empty one what was read: a few rows each."""

_YOUNG = 10 * SLICE


async def read_section(
    form: PartForm, value: object, place: Place, consumes: bool
) -> Sequence[Any]:
    """Return what a section says of its part. Raises DocumentError."""
    if isinstance(form, Items):
        return await read_list(form, value, place, consumes)
    return (form.read_content(value, place),)


async def read_list(form: Items, value: object, place: Place, consumes: bool) -> Sequence[Any]:
    """Return what a list says of its part; with `consumes`, what has been read is dropped from it.

    Raises DocumentError, also where two rows have one key.
    """
    content, found, keys = place.list(value), [], set[Any]()
    async for part in slices(range(len(content))):
        rows = []
        for index in part:
            rows.append(form.read_item(content[index], place.under(index)))
            if consumes:
                content[index] = None
        changes = form.content(rows)
        if isinstance(changes, Changes):
            if len(changes.put) < len(rows) or not keys.isdisjoint(changes.put):
                _refuse_second(form, rows, keys, place, part[0])
            keys.update(changes.put)
        found.append(changes)
        # The collector waits until more has come than gone. Here as much goes as comes, and it
        # would look at all of it at once in the end, for seconds.
        if part[-1] % _YOUNG == _YOUNG - 1:
            gc.collect(1)
    return found


def _refuse_second(
    form: Items, rows: Sequence[Any], keys: set[Any], place: Place, first: int
) -> None:
    """Refuse the row whose key one before it has."""
    seen = set(keys)
    for index, row in enumerate(rows, first):
        (key,) = form.content((row,)).put
        if key in seen:
            shown = " ".join(key) if isinstance(key, tuple) else key
            raise place.under(index).error(f"is the second of {shown!r}; expected one at most")
        seen.add(key)
