"""The administration of what goes wrong: scenarios and rules, loaded, shown, switched, removed."""

from collections.abc import Callable, Collection, Mapping
from functools import cache
from typing import Any, TypeVar

from emulator.engine.agenda import Agenda
from emulator.engine.faults import RuleStatus
from emulator.model.scenario import is_name
from emulator.spec.document import DocumentError, Table
from emulator.web import accounts
from emulator.web.operation import Asked, Operation
from emulator.web.problem import AdminError
from emulator.web.scenarioschema import scenario_schema
from emulator.web.server import Server
from emulator.web.shapes.faults import (
    Rules,
    RulesAsked,
    RuleShown,
    RuleSwitch,
    ScenarioQuery,
    ScenarioShown,
)
from emulator.world import library, pacefile, ruleform
from emulator.world.rulefile import decode_rules
from emulator.world.scenariofile import NONE, Scenario, decode_scenario

# What a namespace that is there already can take of a scenario's world.
_LATER = ("accounts", "streams", "marks", "pace")
_WRONG = "Not what was expected"
T = TypeVar("T")


def asked_for(server: Server, asked: str | Mapping[str, Any]) -> Scenario:
    """Return the scenario that a new namespace is to have: by name, as a document, or none."""
    if not asked:
        return NONE
    if isinstance(asked, str):
        return _of_library(asked, server, ())
    table = Table("body", asked, "scenario")
    return _read(lambda: decode_scenario(table, server.vocabulary()))


def _of_library(name: str, server: Server, taken: Collection[str]) -> Scenario:
    """Read one by its name; no caller has the server read whatever file there is."""
    if not is_name(name):
        raise AdminError(400, _WRONG, f"expected a name of the library, not {name!r}")
    return _read(lambda: library.read(name, server.vocabulary(), taken))


async def _load(agenda: Agenda, asked: Asked) -> ScenarioShown:
    """Load a scenario on top of what is there: all of it, or none."""
    scenario = _decoded(agenda, asked)
    if later := [key for key in scenario.world if key not in _LATER]:
        raise AdminError(
            409,
            "Too late",
            f"'world.{later[0]}' is for the making of a namespace: POST /_emulator/namespaces "
            f"takes a 'scenario'; one that is there takes {', '.join(_LATER)}",
        )
    world = Table("body", scenario.world, "world")
    own = Table("body", {"accounts": scenario.world.get("accounts", [])}, "world")
    with agenda.turn:
        accounts.declare(agenda, asked.server, own)
        agenda.stage(Table("body", world.rest(("streams", "marks"))), asked.base_url)
        for kind, pace in pacefile.paces(world, asked.server.vocabulary().kinds).items():
            agenda.pacing.set(kind, pace)
        agenda.load_rules(scenario.rules, asked.base_url)
    return ScenarioShown(
        title=scenario.title,
        why=scenario.why,
        client=scenario.client,
        rules=[rule.name for rule in scenario.rules],
    )


def _decoded(agenda: Agenda, asked: Asked) -> Scenario:
    query: ScenarioQuery = asked.query
    if not query.name:
        words = asked.server.vocabulary()
        return _read(lambda: decode_scenario(Table("body", asked.body), words, _taken(agenda)))
    if asked.body:
        raise AdminError(400, _WRONG, "'name' is for a request without a body")
    return _of_library(query.name, asked.server, _taken(agenda))


def _read(decode: Callable[[], T]) -> T:
    try:
        return decode()
    except DocumentError as error:
        raise AdminError(400, _WRONG, str(error)) from None


async def _list(agenda: Agenda, asked: Asked) -> Rules:
    return Rules(rules=[*map(_shown, agenda.faults.every())])


async def _add(agenda: Agenda, asked: Asked) -> Rules:
    """Add rules, each in the place of one of its name: all of them, or none."""
    body: RulesAsked = asked.body
    words = asked.server.vocabulary()
    table = Table("body", {"rules": list(body.rules)})
    rules = _read(lambda: decode_rules(table, words.catalogs, words.makings, _taken(agenda)))
    with agenda.turn:
        agenda.load_rules(rules, asked.base_url)
    names = {rule.name for rule in rules}
    return Rules(rules=[_shown(each) for each in agenda.faults.every() if each.rule.name in names])


async def _switch(agenda: Agenda, asked: Asked) -> RuleShown:
    wanted: RuleSwitch = asked.body
    name = _found(agenda, asked).rule.name
    with agenda.turn:
        agenda.faults.switch(name, wanted.is_on)
    return _shown(_found(agenda, asked))


async def _remove(agenda: Agenda, asked: Asked) -> None:
    name = _found(agenda, asked).rule.name
    with agenda.turn:
        agenda.remove_rule(name)


async def _describe(server: Server, asked: Asked) -> dict[str, Any]:
    return _schema()


@cache
def _schema() -> dict[str, Any]:
    return scenario_schema()


def _found(agenda: Agenda, asked: Asked) -> RuleStatus:
    name = asked.path["name"]
    if found := agenda.faults.find(name):
        return found
    known = ", ".join(_taken(agenda)) or "none"
    raise AdminError(404, "No such rule", f"{name!r} is none of those there are: {known}")


def _taken(agenda: Agenda) -> list[str]:
    return [each.rule.name for each in agenda.faults.every()]


def _shown(loaded: RuleStatus) -> RuleShown:
    rule = ruleform.write(loaded.rule)
    return RuleShown(
        name=rule["name"],
        fault=rule["fault"],
        is_on=loaded.is_on,
        fitted=loaded.fitted,
        hits=loaded.hits,
        loaded_at=loaded.loaded_at,
        rule=rule,
    )


_ABSENT = {404: "there is no such rule"}

SERVER_OPERATIONS = (
    Operation(
        method="GET",
        path="/scenario.schema.json",
        summary="Describe scenario files as JSON Schema",
        answer=_describe,
        returns=dict,
    ),
)

OPERATIONS = (
    Operation(
        method="POST",
        path="/scenario",
        summary="Load a scenario: the body, as a file says it, or `?name=` of the library",
        answer=_load,
        body=dict,
        query=ScenarioQuery,
        returns=ScenarioShown,
        problems={
            400: "what a scenario file could not say, or no name of the library",
            409: "what only a new namespace can have, or an access key of another one",
        },
    ),
    Operation(
        method="GET",
        path="/rules",
        summary="Show the rules, how often each fitted and how often it struck",
        answer=_list,
        returns=Rules,
    ),
    Operation(
        method="POST",
        path="/rules",
        summary="Add rules, each in the place of one of its name",
        answer=_add,
        body=RulesAsked,
        returns=Rules,
        problems={400: "what a scenario file could not say"},
    ),
    Operation(
        method="PATCH",
        path="/rules/{name}",
        summary="Switch a rule off, or on again",
        answer=_switch,
        body=RuleSwitch,
        returns=RuleShown,
        problems=_ABSENT,
    ),
    Operation(
        method="DELETE",
        path="/rules/{name}",
        summary="Remove a rule",
        answer=_remove,
        problems=_ABSENT,
    ),
)
