"""The archive: a whole namespace as one document, what it was made from with how it is now."""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from emulator.engine.agenda import Agenda
from emulator.engine.blueprint import Blueprint, read_blueprint, write_blueprint
from emulator.engine.namespaces import Namespaces
from emulator.engine.snapshot import restore, secret_names, taken, written
from emulator.engine.specs import read_all
from emulator.model.account import ACTIVE, AccessKey, Account
from emulator.model.vendor import Vendor
from emulator.spec import jsontext
from emulator.spec.record import Place
from emulator.spec.untyped import Vault
from emulator.state.document import BLUEPRINT
from emulator.state.ledger import Storage
from emulator.world.slices import slices

WHERE = "snapshot"


async def packed(namespaces: Namespaces, name: str, with_secrets: bool) -> AsyncIterator[bytes]:
    """Return the document as text, in pieces: its secrets by reference, and themselves only if
    asked for.

    It is the state as it is when this is called, whatever is done while the pieces are taken. All
    specs have been read.
    """
    agenda, blueprint = namespaces.agendas[name], namespaces.blueprints[name]
    vault = Vault(secret_names(agenda) | {"secret", "session_token"})
    accounts = _accounts(agenda, namespaces.keys_of(name), blueprint)
    now_declared = {**blueprint.declared, "accounts": accounts}
    section = write_blueprint(replace(blueprint, declared=now_declared), vault)
    copy = await taken(agenda)

    def members() -> Iterator[tuple[str, Any]]:
        sections = written(agenda, vault, copy)
        yield from (next(sections), next(sections))  # what it is, and who wrote it
        yield BLUEPRINT, section
        yield from sections
        if with_secrets:
            yield "secrets", vault.kept

    return _pieces(members())


async def _pieces(members: Iterator[tuple[str, Any]]) -> AsyncIterator[bytes]:
    async for pieces in slices(jsontext.laid_out_members(members), _PIECES):
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
    section = rest.pop(BLUEPRINT, {})
    secrets = rest.get("secrets")
    vault = Vault(frozenset(), secrets if isinstance(secrets, dict) else {})
    blueprint = read_blueprint(section, place.under(BLUEPRINT), vendors, name, vault)

    async def go_on(agenda: Agenda) -> None:
        await restore(agenda, rest, WHERE, consumes=True)

    await namespaces.put(blueprint, go_on)


async def kept(storage: Storage, vendors: Sequence[Vendor]) -> AsyncIterator[Blueprint]:
    """Yield the blueprints of the namespaces that a storage has. Raises DocumentError."""
    for name in await storage.directory.names():
        if found := await storage.ledger(name).load():
            document = jsontext.decode(found.checkpoint)
            place = Place(f"checkpoint of {name}")
            yield read_blueprint(document[BLUEPRINT], place.under(BLUEPRINT), vendors)


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
