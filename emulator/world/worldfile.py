"""A world as a user declares it: accounts, keys, states and resources."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from emulator.model.account import ACTIVE, AccessKey, Account
from emulator.model.pace import Pace
from emulator.spec.action import ACCOUNT_STATES
from emulator.spec.catalog import Catalog
from emulator.spec.document import Table
from emulator.world import pacefile
from emulator.world.declaration import Declaration, Form, read_declarations
from emulator.world.namespace import DEFAULT
from emulator.world.rulescope import Making


class Usual(NamedTuple):
    """The namespace of a world, and the key of each account that is declared without any."""

    namespace: str = DEFAULT
    key_id: str = "test"
    secret: str = "test"  # noqa: S105  # the default account's, known to everybody

    def account(self, vendor: str) -> Account:
        return Account(vendor=vendor, id=f"{vendor}-{self.key_id}")

    def key(self, vendor: str, account_id: str) -> AccessKey:
        return AccessKey(self.key_id, self.secret, vendor, account_id, self.namespace)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The names a world file may use: products, kinds of resources and of callback settings by
    vendor, actions, and kinds of task; for rules, how these are made and told of, and the specs.
    """

    products: Mapping[str, Sequence[str]]
    resources: Mapping[str, frozenset[str]]
    actions: frozenset[str]
    callbacks: Mapping[str, Mapping[str, Form]]
    kinds: pacefile.Kinds
    makings: Sequence[Making] = ()
    catalogs: Mapping[str, Catalog] = field(default_factory=dict)


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
    private_buckets: frozenset[str] = frozenset()


def decode_world(table: Table, words: Vocabulary, usual: Usual = Usual()) -> World:  # noqa: B008
    """Return the world that a file or a call declares; an empty one has the usual accounts.

    Raises DocumentError with file, key and what was expected.
    """
    accounts, keys, callbacks = decode_accounts(table, words, usual)
    named = {account.vendor for account in accounts}
    unnamed = [usual.account(vendor) for vendor in words.products if vendor not in named]
    accounts = [*accounts, *unnamed]
    keys = [*keys, *(usual.key(account.vendor, account.id) for account in unnamed)]
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
        scene=Table(table.where, table.rest(("streams", "marks"))),
        callbacks=tuple(callbacks),
        private_buckets=_private(table.table("buckets")),
    )
    table.close()
    return world


def decode_accounts(
    table: Table, words: Vocabulary, usual: Usual
) -> tuple[Sequence[Account], Sequence[AccessKey], Sequence[Declaration]]:
    """Return the accounts that a table declares, with their keys and callback settings.

    Raises DocumentError.
    """
    declared = [_account(entry, words, usual) for entry in table.tables("accounts")]
    accounts = [account for account, _, _ in declared]
    keys = [key for _, own, _ in declared for key in own]
    _refuse_doubles(table, accounts, keys)
    return accounts, keys, [callback for _, _, own in declared for callback in own]


def _account(
    table: Table, words: Vocabulary, usual: Usual
) -> tuple[Account, list[AccessKey], tuple[Declaration, ...]]:
    vendor = table.one_of("vendor", tuple(words.products))
    account_id = _named(table, "id", usual.account(vendor).id)
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
    keys = [_key(entry, vendor, account_id, usual) for entry in table.tables("keys")]
    entries = tuple(table.tables("callbacks"))
    callbacks = read_declarations(entries, account_id, words.callbacks[vendor], account.site)
    table.close()
    return account, keys or [usual.key(vendor, account_id)], callbacks


def _key(table: Table, vendor: str, account_id: str, usual: Usual) -> AccessKey:
    key_id, secret = _named(table, "id"), _named(table, "secret")
    # The key that everybody knows is the default namespace's; elsewhere it stands for the own one,
    # so that a world file does for a server and for each test.
    if (key_id, secret) == (Usual().key_id, Usual().secret):
        key_id, secret = usual.key_id, usual.secret
    key = AccessKey(
        id=key_id,
        secret=secret,
        vendor=vendor,
        account_id=account_id,
        namespace=usual.namespace,
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


def _private(table: Table) -> frozenset[str]:
    """Return the buckets whose files need a signed address; the words are those of OSS's ACL."""
    names = tuple(table.content)
    access = {name: table.one_of(name, ("private", "public-read")) for name in names}
    return frozenset(name for name, word in access.items() if word == "private")


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
