"""The archive: a whole namespace as one document, what it was made from with how it is now."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from typing import Any

from emulator.engine.agenda import Agenda
from emulator.engine.kinds import makings
from emulator.engine.namespaces import Blueprint, Namespaces
from emulator.engine.snapshot import restore, secret_names, taken, written
from emulator.engine.specs import read_all
from emulator.model.account import ACTIVE, AccessKey, Account
from emulator.model.vendor import Vendor
from emulator.spec import jsontext, untyped
from emulator.spec.document import Table
from emulator.spec.record import Place
from emulator.spec.untyped import Vault
from emulator.world import ruleform
from emulator.world.rulefile import decode_rules
from emulator.world.slices import slices
from emulator.world.worldfile import Usual

WHERE = "snapshot"
_SECTION = "namespace"


async def packed(namespaces: Namespaces, name: str, with_secrets: bool) -> AsyncIterator[bytes]:
    """Yield the document as text: its secrets by reference, and themselves only if asked for.

    It is the state of one moment, whatever is done meanwhile.
    """
    agenda, blueprint = namespaces.agendas[name], namespaces.blueprints[name]
    await read_all(agenda.vendors)
    vault = Vault(secret_names(agenda) | {"secret", "session_token"})
    made_from = {
        "name": name,
        "key_id": blueprint.usual.key_id,
        "secret": blueprint.usual.secret,
        "seed": blueprint.seed,
        "is_manual": blueprint.is_manual,
        "now": blueprint.now,
        "callback_url": blueprint.callback_url,
        "base_url": blueprint.base_url,
        "world": {
            **blueprint.declared,
            "accounts": _accounts(agenda, namespaces.keys_of(name), blueprint),
        },
    }
    if blueprint.rules:
        made_from["rules"] = [ruleform.write(rule) for rule in blueprint.rules]
    said = {each: value for each, value in made_from.items() if value is not None}
    section = untyped.members({}, vault).write(said)
    snapshot = await taken(agenda)

    def members() -> Iterator[tuple[str, Any]]:
        sections = written(agenda, vault, snapshot)
        yield from (next(sections), next(sections))  # what it is, and who wrote it
        yield _SECTION, section
        yield from sections
        if with_secrets:
            yield "secrets", vault.kept

    async for pieces in slices(jsontext.laid_out_members(members()), _PIECES):
        yield b"".join(pieces)


# Each is an item, written and laid out.
_PIECES = 20


async def unpack(namespaces: Namespaces, name: str, document: Mapping[str, Any]) -> None:
    """Put the namespace of a document under a name, in the place of one that has it.

    The document is emptied as it is read. Raises DocumentError with the path and what was
    expected, and TakenError where a key of it leads elsewhere; nothing has changed then.
    """
    place = Place(WHERE)
    rest = dict(document)
    vendors = next(iter(namespaces.agendas.values())).vendors
    await read_all(vendors)
    section = rest.pop(_SECTION, {})
    blueprint = _blueprint(section, rest.get("secrets"), name, vendors, place.under(_SECTION))

    async def go_on(agenda: Agenda) -> None:
        await restore(agenda, rest, WHERE, consumes=True)

    await namespaces.put(blueprint, go_on)


def _blueprint(
    section: object, secrets: object, name: str, vendors: Sequence[Vendor], place: Place
) -> Blueprint:
    vault = Vault(frozenset(), secrets if isinstance(secrets, dict) else {})
    revealed = untyped.members({}, vault).read(section, place)
    table = Table(place.where, revealed, place.path)
    table.take("name", str)
    rules = Table(place.where, {"rules": table.take("rules", list, [])}, place.path)
    usual = Usual(name, table.take("key_id", str), table.take("secret", str))
    blueprint = Blueprint(
        usual=usual,
        seed=table.take("seed", int),
        declared=table.take("world", dict),
        where=f"{place.where}: {place.path}.world",
        is_manual=table.take("is_manual", bool),
        now=table.moment("now"),
        callback_url=table.take("callback_url", str),
        base_url=table.take("base_url", str),
        rules=decode_rules(rules, {each.name: each.catalog for each in vendors}, makings(vendors)),
    )
    table.close()
    return blueprint


def _accounts(
    agenda: Agenda, keys: Sequence[AccessKey], blueprint: Blueprint
) -> list[dict[str, Any]]:
    """Return the accounts there are now as a world declares them, with settings as at first."""
    first = blueprint.declared.get("accounts", ())
    settings = {(each.get("vendor"), each.get("id")): each.get("callbacks") for each in first}
    accounts = []
    for account in agenda.namespace.accounts.values():
        own = [key for key in keys if (key.vendor, key.account_id) == (account.vendor, account.id)]
        declared = {**_account(account), "keys": [_key(key) for key in own]}
        if callbacks := settings.get((account.vendor, account.id)):
            declared["callbacks"] = callbacks
        accounts.append(declared)
    return accounts


def _account(account: Account) -> dict[str, Any]:
    states = dict(account.states)
    declared = {
        "vendor": account.vendor,
        "id": account.id,
        "site": account.site,
        "state": states.pop("*", ACTIVE),
        "states": states,
        "resources": {kind: sorted(names) for kind, names in account.resources.items()},
    }
    return {name: value for name, value in declared.items() if value}


def _key(key: AccessKey) -> dict[str, Any]:
    declared = {
        "id": key.id,
        "secret": key.secret,
        "enabled": key.enabled,
        "session_token": key.session_token,
        "expires_at": key.expires_at,
    }
    return {name: value for name, value in declared.items() if value not in ("", None)}
