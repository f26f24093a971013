"""The administration of namespaces: made, shown, made anew, and taken away."""

from collections.abc import Mapping
from typing import Any

from emulator.engine.blueprint import Blueprint
from emulator.engine.namespaces import TakenError
from emulator.engine.specs import read_all
from emulator.spec.document import DocumentError
from emulator.spec.jsontext import members
from emulator.web import clock, scenarios
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.server import Server
from emulator.web.shapes.namespaces import (
    KeyShown,
    NamespaceAsked,
    NamespaceListed,
    Namespaces,
    NamespaceShown,
)
from emulator.world.chance import fresh_name, fresh_secret, fresh_seed
from emulator.world.namespace import DEFAULT
from emulator.world.slices import slices
from emulator.world.worldfile import Usual

_OURS = ("name", "clock", "now", "callback_url", "seed", "scenario")


async def _list(server: Server, asked: Asked) -> Namespaces:
    registry = server.namespaces
    listed: list[NamespaceListed] = []
    async for part in slices(tuple(registry.agendas.items())):
        for name, agenda in part:
            if blueprint := registry.blueprints.get(name):  # it may have gone meanwhile
                shown = NamespaceListed(
                    name=name,
                    seed=blueprint.seed,
                    clock=clock.shown(agenda),
                    forgotten=agenda.namespace.state.forgotten(),
                )
                listed.append(shown)
    return Namespaces(namespaces=listed)


async def _create(server: Server, asked: Asked) -> NamespaceShown:
    wanted: NamespaceAsked = asked.body
    if wanted.accounts or wanted.scenario:
        await read_all(server.emulation.vendors)
    name = wanted.name or fresh_name()
    scenario = scenarios.asked_for(server, wanted.scenario)
    seeds = (wanted.seed, scenario.seed)
    blueprint = Blueprint(
        usual=Usual(name, name, fresh_secret()),
        seed=next((seed for seed in seeds if seed is not None), fresh_seed()),
        declared={**_declared(wanted), **scenario.world},
        is_manual=wanted.clock == "manual",
        now=wanted.now and clock.within(wanted.now),
        callback_url=wanted.callback_url,
        base_url=asked.base_url,
        rules=scenario.rules,
    )
    try:
        await server.namespaces.create(blueprint)
    except TakenError as error:
        raise AdminError(409, "Taken", str(error)) from None
    except DocumentError as error:
        raise AdminError(400, "Not what was expected", str(error)) from None
    return shown(server, name)


def _declared(wanted: NamespaceAsked) -> Mapping[str, Any]:
    """Return what a world file would say."""
    said = members(wanted)
    return {name: value for name, value in said.items() if name not in _OURS and value}


async def _show(server: Server, asked: Asked) -> NamespaceShown:
    return shown(server, named(server, asked))


async def _reset(server: Server, asked: Asked) -> None:
    await server.namespaces.reset(named(server, asked))


async def _delete(server: Server, asked: Asked) -> None:
    name = named(server, asked)
    if name == DEFAULT:
        raise AdminError(409, "Not the default one", "the default namespace can be reset only")
    await server.namespaces.remove(name)


def named(server: Server, asked: Asked) -> str:
    return server.agenda(asked.path["namespace"]).namespace.name


def shown(server: Server, name: str) -> NamespaceShown:
    registry = server.namespaces
    blueprint = registry.blueprints[name]
    return NamespaceShown(
        name=name,
        seed=blueprint.seed,
        clock=clock.shown(registry.agendas[name]),
        callback_url=blueprint.callback_url,
        keys=[
            KeyShown(
                vendor=key.vendor,
                account_id=key.account_id,
                id=key.id,
                secret=key.secret,
                session_token=key.session_token,
            )
            for key in registry.keys_of(name)
        ],
        forgotten=registry.agendas[name].namespace.state.forgotten(),
    )


_ABSENT = {404: "there is no such namespace"}

SERVER_OPERATIONS = (
    Operation(
        method="GET",
        path="/namespaces",
        summary="Show the namespaces there are",
        answer=_list,
        returns=Namespaces,
    ),
    Operation(
        method="POST",
        path="/namespaces",
        summary="Make a namespace, with accounts, keys, a clock and chance of its own",
        answer=_create,
        body=NamespaceAsked,
        returns=NamespaceShown,
        status=201,
        problems={
            400: "what a world file could not say",
            409: "the name or an access key is another namespace's",
        },
    ),
    Operation(
        method="GET",
        path="/namespaces/{namespace}",
        summary="Show a namespace, with the keys that lead to it",
        answer=_show,
        returns=NamespaceShown,
        problems=_ABSENT,
    ),
    Operation(
        method="DELETE",
        path="/namespaces/{namespace}",
        summary="Take a namespace away with all it has",
        answer=_delete,
        problems={**_ABSENT, 409: "it is the default one"},
    ),
    Operation(
        method="POST",
        path="/namespaces/{namespace}/reset",
        summary="Make a namespace anew as it was made at first, with the same keys",
        answer=_reset,
        problems=_ABSENT,
    ),
)
