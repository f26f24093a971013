"""The world file: accounts, keys, states and resources a user declares."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from emulator.model.account import ACTIVE, AccessKey, Account
from emulator.model.pace import Pace
from emulator.spec.action import ACCOUNT_STATES
from emulator.spec.document import Table, read
from emulator.world import pacefile
from emulator.world.declaration import Declaration, Form, read_declarations

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a world file may use: products, kinds of resources and of callback settings by
    vendor, actions, and kinds of task.
    """

    products: Mapping[str, Sequence[str]]
    resources: Mapping[str, frozenset[str]]
    actions: frozenset[str]
    callbacks: Mapping[str, Mapping[str, Form]]
    kinds: pacefile.Kinds


@dataclass(frozen=True, slots=True)
class World:
    """What a world file declares, with the default account of every vendor it does not name.

    `scene` holds the streams and marks, to be staged once there is a clock.
    """

    accounts: tuple[Account, ...]
    keys: tuple[AccessKey, ...]
    seed: int | None = None
    refuses_unknown: bool = False
    ignores_assumed: bool = False
    calls_per_second: Mapping[str, int] = field(default_factory=dict)
    paces: Mapping[str, Pace] = field(default_factory=dict)
    scene: Table = field(default_factory=lambda: Table("", {}))
    callbacks: tuple[Declaration, ...] = ()


def default_world(words: Vocabulary) -> World:
    """One ordinary account at every vendor, with the access key `test` and the secret `test`."""
    return World(
        accounts=tuple(_default_account(vendor) for vendor in words.products),
        keys=tuple(_default_key(vendor) for vendor in words.products),
    )


def read_world(path: Path, words: Vocabulary) -> World:
    """Read a world file; raises DocumentError with file, key and what was expected."""
    table = read(path)
    accounts: list[Account] = []
    keys: list[AccessKey] = []
    callbacks: list[Declaration] = []
    for entry in table.tables("accounts"):
        account, account_keys, account_callbacks = _account(entry, words)
        accounts.append(account)
        keys.extend(account_keys)
        callbacks.extend(account_callbacks)
    _refuse_doubles(table, accounts, keys)
    for vendor in words.products:
        if not any(account.vendor == vendor for account in accounts):
            accounts.append(_default_account(vendor))
            keys.append(_default_key(vendor))
    world = World(
        accounts=tuple(accounts),
        keys=tuple(keys),
        seed=table.take("seed", int, None),
        refuses_unknown=table.one_of("unknown_resources", ("assume", "refuse"), "assume")
        == "refuse",
        ignores_assumed=table.one_of("assumed_limits", ("enforce", "ignore"), "enforce")
        == "ignore",
        calls_per_second=_limits(table.table("calls_per_second"), words.actions),
        paces=pacefile.paces(table, words.kinds),
        scene=Table(str(path), table.rest(("streams", "marks"))),
        callbacks=tuple(callbacks),
    )
    table.close()
    return world


def _default_account(vendor: str) -> Account:
    return Account(vendor=vendor, id=f"{vendor}-test")


def _default_key(vendor: str) -> AccessKey:
    return AccessKey("test", "test", vendor, f"{vendor}-test", DEFAULT)


def _account(
    table: Table, words: Vocabulary
) -> tuple[Account, list[AccessKey], tuple[Declaration, ...]]:
    vendor = table.one_of("vendor", tuple(words.products))
    account_id = _named(table, "id", f"{vendor}-test")
    states = {"*": table.one_of("state", (ACTIVE, *ACCOUNT_STATES), ACTIVE)}
    by_product = table.table("states")
    for product in words.products[vendor]:
        if (state := by_product.one_of(product, (ACTIVE, *ACCOUNT_STATES), None)) is not None:
            states[product] = state
    by_product.close()
    account = Account(
        vendor=vendor,
        id=account_id,
        site=table.one_of("site", ("intl", "mainland"), "intl"),
        states=states,
        resources=_resources(table.table("resources"), words.resources[vendor]),
    )
    keys = [_key(entry, vendor, account_id) for entry in table.tables("keys")]
    entries = tuple(table.tables("callbacks"))
    callbacks = read_declarations(entries, account_id, words.callbacks[vendor])
    table.close()
    usual = [AccessKey("test", "test", vendor, account_id, DEFAULT)]
    return account, keys or usual, callbacks


def _key(table: Table, vendor: str, account_id: str) -> AccessKey:
    key = AccessKey(
        id=_named(table, "id"),
        secret=_named(table, "secret"),
        vendor=vendor,
        account_id=account_id,
        namespace=DEFAULT,
        enabled=table.take("enabled", bool, True),
        session_token=table.take("session_token", str, ""),
        expires_at=table.moment("expires_at"),
    )
    if key.expires_at and not key.session_token:
        raise table.error("'expires_at' needs a 'session_token': only temporary keys expire")
    table.close()
    return key


def _named(table: Table, key: str, default: str | None = None) -> str:
    name = table.take(key, str) if default is None else table.take(key, str, default)
    if not name:
        raise table.error(f"{key!r} must not be empty")
    return name


def _resources(table: Table, kinds: frozenset[str]) -> dict[str, frozenset[str]]:
    content: dict[str, Any] = table.rest(tuple(sorted(kinds)))
    table.close()
    for kind, identifiers in content.items():
        if not isinstance(identifiers, list) or not all(map(_is_identifier, identifiers)):
            raise table.error(f"{kind!r} must be a list of identifiers")
    return {kind: frozenset(map(str, identifiers)) for kind, identifiers in content.items()}


def _is_identifier(value: object) -> bool:
    return isinstance(value, str | int) and not isinstance(value, bool)


def _limits(table: Table, actions: frozenset[str]) -> dict[str, int]:
    limits: dict[str, int] = table.rest(tuple(sorted(actions)))
    for action, limit in limits.items():
        if type(limit) is not int or limit < 1:
            raise table.error(f"{action!r} must be a number of calls per second, 1 or more")
    table.close()
    return limits


def _refuse_doubles(table: Table, accounts: list[Account], keys: list[AccessKey]) -> None:
    for kind, names in (
        ("account", [(account.vendor, account.id) for account in accounts]),
        ("access key", [(key.vendor, key.id) for key in keys]),
    ):
        seen: set[tuple[str, str]] = set()
        for name in names:
            if name in seen:
                raise table.error(f"{kind} {name[1]!r} of {name[0]} is declared twice")
            seen.add(name)
