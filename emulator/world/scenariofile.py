"""Scenarios: an incident to rehearse, as a file or a call declares it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from emulator.model.rule import Rule
from emulator.spec.document import DocumentError, Table, parse, read_text
from emulator.spec.line import located
from emulator.world import staging
from emulator.world.rulefile import decode_rules
from emulator.world.worldfile import Usual, Vocabulary, decode_world

WORLD = (
    "unknown_resources",
    "assumed_limits",
    "calls_per_second",
    "accounts",
    "pace",
    "streams",
    "marks",
)
"""What a scenario may say of the world: the keys of a world file, but for the seed."""

MAX_SEED = 2**53 - 1
_SOME_MOMENT = datetime(2030, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Scenario:
    """`why` says what goes wrong in real life, `client` what a good client does.

    `world` is what a world file would say; it has been found right, but for names and keys that
    others have.
    """

    title: str
    rules: tuple[Rule, ...] = ()
    why: str = ""
    client: str = ""
    seed: int | None = None
    world: Mapping[str, Any] = field(default_factory=dict)


NONE = Scenario("none")


def read_scenario(
    path: Path, words: Vocabulary, taken: Collection[str] = (), where: str | None = None
) -> Scenario:
    """Read a file, of which `where` is the name in complaints.

    Raises DocumentError with file, line, key and what was expected.
    """
    where = where or str(path)
    text = read_text(path, where)
    try:
        return decode_scenario(parse(text, where), words, taken)
    except DocumentError as error:
        raise located(error, text) from None


def decode_scenario(table: Table, words: Vocabulary, taken: Collection[str] = ()) -> Scenario:
    """Return the scenario that a document declares; names in `taken` are those of other rules.

    Raises DocumentError.
    """
    said = table.rest(("title", "why", "client", "seed", "rules", "world"))
    table.close()
    table = Table(table.where, said, table.path)
    title = table.take("title", str)
    if not title.strip():
        raise table.error("'title' must not be empty")
    why, client = table.take("why", str, ""), table.take("client", str, "")
    seed = table.take("seed", int, None)
    if seed is not None and not 0 <= seed <= MAX_SEED:
        raise table.error(f"'seed' must be 0 to {MAX_SEED}")
    world = table.table("world")
    rules = decode_rules(table, words.catalogs, words.makings, taken)
    _require_world(world, words)
    return Scenario(title, rules, why, client, seed, world.content)


def _require_world(table: Table, words: Vocabulary) -> None:
    """Refuse what no namespace could be made with."""
    if "seed" in table.content:
        raise table.error("'seed' is expected above, beside the title, not in [world]")
    world = decode_world(Table(table.where, table.content, table.path), words, Usual())
    scene = Table(table.where, world.scene.content, table.path)
    staging.decode(scene, _SOME_MOMENT)
