"""Paces as documents declare them, in a world file or over the admin API."""

from collections.abc import Mapping

from emulator.model.pace import Failure, Mode, Pace
from emulator.spec.document import Table

ANY = "*"
Kinds = Mapping[str, tuple[str, ...] | None]
"""The kinds of task with the codes that a failure of each may have, None for any."""

_MAX_SECONDS = 366 * 86400
_MAX_POLLS = 1000


def paces(table: Table, kinds: Kinds) -> dict[str, Pace]:
    """Read `[[pace]]`; of two for the same kind the later one counts. Raises DocumentError."""
    found: dict[str, Pace] = {}
    for entry in table.tables("pace"):
        kind = kind_of_task(entry, kinds)
        found[kind] = pace(entry, kind, kinds)
    return found


def kind_of_task(table: Table, kinds: Kinds, default: str = ANY) -> str:
    return table.one_of("kind", (ANY, *kinds), default)


def pace(table: Table, kind: str, kinds: Kinds) -> Pace:
    """Read what is left of a table, and close it."""
    mode = Mode(table.one_of("mode", tuple(Mode), Mode.TIMED))
    seconds = table.take("seconds", (int, float)) if "seconds" in table.content else None
    polls = table.take("polls", int) if "polls" in table.content else None
    if seconds is not None and (mode is not Mode.TIMED or not 0 <= seconds <= _MAX_SECONDS):
        raise table.error(f"'seconds' must be 0 to {_MAX_SECONDS}, with the mode 'timed'")
    if polls is not None and (mode is not Mode.POLLS or not 1 <= polls <= _MAX_POLLS):
        raise table.error(f"'polls' must be 1 to {_MAX_POLLS}, with the mode 'polls'")
    failing = table.table("failure") if "failure" in table.content else None
    table.close()
    return Pace(
        mode=mode,
        seconds=seconds,
        polls=1 if polls is None else polls,
        failure=None if failing is None else failure(failing, kind, kinds),
    )


def failure(table: Table, kind: str, kinds: Kinds) -> Failure:
    """Read what is left of a table, and close it; a code must be one that the kind documents."""
    found = Failure(table.take("code", str, ""), table.take("message", str, ""))
    table.close()
    if not found.code:
        return found
    if kind == ANY:
        raise table.error("'code' needs a 'kind': no code is documented for all of them")
    codes = kinds[kind]
    if codes is not None and found.code not in codes:
        known = f"one of {', '.join(codes)}" if codes else f"left out: {kind} fails without one"
        raise table.error(f"'code' must be {known}")
    return found
