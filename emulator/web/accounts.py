"""The administration of a namespace's accounts and of the access keys that lead to them."""

from collections.abc import Sequence

from emulator.engine.agenda import Agenda
from emulator.engine.namespaces import TakenError
from emulator.model.account import ACTIVE, AccessKey, Account
from emulator.spec.document import DocumentError, Table
from emulator.spec.jsontext import members
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.server import Server
from emulator.web.shapes.accounts import AccountKey, Accounts, AccountsAsked, AccountShown
from emulator.world.worldfile import decode_accounts


async def _list(agenda: Agenda, asked: Asked) -> Accounts:
    namespace = agenda.namespace
    keys = asked.server.namespaces.keys_of(namespace.name)
    return Accounts(accounts=[_shown(each, keys) for each in namespace.accounts.values()])


async def _declare(agenda: Agenda, asked: Asked) -> Accounts:
    with agenda.turn:
        declare(agenda, asked.server, Table("body", members(asked.body)))
    return await _list(agenda, asked)


def declare(agenda: Agenda, server: Server, table: Table) -> None:
    """Add accounts, or put them in the place of those of their names, with keys and settings."""
    namespace, namespaces, words = agenda.namespace, server.namespaces, server.vocabulary()
    usual = namespaces.blueprints[namespace.name].usual
    try:
        accounts, keys, callbacks = decode_accounts(table, words, usual)
        namespaces.declare(namespace.name, accounts, keys)
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None
    except TakenError as error:
        raise AdminError(409, "Another namespace's", str(error)) from None
    now = namespace.clock.now()
    for declaration in callbacks:
        for resource in declaration.resources(now):
            namespace.state.resources.put(resource.key, resource)


def _shown(account: Account, keys: Sequence[AccessKey]) -> AccountShown:
    return AccountShown(
        vendor=account.vendor,
        id=account.id,
        site=account.site,
        states={"*": ACTIVE, **account.states},
        resources={kind: sorted(names) for kind, names in account.resources.items()},
        keys=[
            AccountKey(id=key.id, enabled=key.enabled, expires_at=key.expires_at)
            for key in keys
            if (key.vendor, key.account_id) == (account.vendor, account.id)
        ],
    )


OPERATIONS = (
    Operation(
        method="GET",
        path="/accounts",
        summary="Show the accounts, with their keys but no secrets",
        answer=_list,
        returns=Accounts,
    ),
    Operation(
        method="PUT",
        path="/accounts",
        summary="Add accounts with their keys, or put them in the place of those of their names",
        answer=_declare,
        body=AccountsAsked,
        returns=Accounts,
        problems={
            400: "what the vendor does not have, or what is declared twice",
            409: "an access key is another namespace's",
        },
    ),
)
