"""Spec files decoded: a file per action, shared types and errors per product, one gateway."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

from emulator.spec import site
from emulator.spec.action import (
    ACCOUNT_STATES,
    Action,
    ErrorSpec,
    Evidence,
    Example,
    Gateway,
    Judge,
    Message,
    Parameter,
    Provenance,
    RegionRule,
)
from emulator.spec.constraints import WORDS
from emulator.spec.document import Table, read
from emulator.spec.drift import explanations
from emulator.spec.rules import Rule, assumed, compile_rules, decode_rule
from emulator.spec.validate import compile_members, compile_parameter
from emulator.spec.violation import Violation

_EVIDENCE = tuple(Evidence)
F = TypeVar("F")


@dataclass(frozen=True, slots=True)
class _Context:
    """What a table inherits: the provenance of its file, and the product's shared types."""

    provenance: Provenance
    types: Mapping[str, Table]


@dataclass(frozen=True, slots=True)
class _Errors:
    """What an error inherits: its file's provenance, the gateway's errors, the usual status."""

    provenance: Provenance
    known: Mapping[str, ErrorSpec]
    status: int


def decode_action(
    path: Path,
    types: Path,
    errors: Path,
    gateway: Gateway,
    product: str,
    version: str,
    where: str,
) -> Action:
    """Read one action's file; raises DocumentError with file, key and what was expected."""
    table, shared = read(path, where), _types(types, where)

    def at(name: str) -> Action:
        tables = site.of_action(table, name), site.of_types(shared, name)
        return _action(*tables, path.stem, errors, gateway, product, version)

    others = sorted(site.named(table.content, shared.content) - {site.USUAL})
    elsewhere = {name: replace(at(name), site=name) for name in others}
    return replace(at(site.USUAL), elsewhere=elsewhere)


def _action(
    table: Table,
    types: Table,
    name: str,
    errors: Path,
    gateway: Gateway,
    product: str,
    version: str,
) -> Action:
    provenance = decode_provenance(table, None)
    context = _Context(provenance, dict(types.each()))
    known = _Errors(provenance, gateway.errors, gateway.error_status)
    parameters = _parameters(table.table("parameters"), context)
    rules = tuple(_rules(table, context))
    action = Action(
        product=product,
        version=version,
        name=name,
        title=table.take("title", str),
        methods=gateway.methods or _methods(table),
        calls_per_second=table.take("calls_per_second", int),
        regions={name: _region(t, provenance) for name, t in table.named_tables("regions")},
        parameters=parameters,
        response=_parameters(table.table("response"), context),
        errors=_used_errors(table, errors, known, table.where),
        codes=_texts(table.table("codes")),
        examples=tuple(_example(t, provenance) for t in table.tables("examples")),
        provenance=provenance,
        check=compile_members(parameters, gateway.ignores_unknown),
        judges=_judges(rules),
        rules=tuple(rule.provenance for rule in rules),
        sites=table.texts("sites"),
        drift=explanations(table, "parameters", "response"),
    )
    table.close()
    return action


def decode_gateway(path: Path, where: str) -> Gateway:
    """Read what a vendor's gateway does for all products."""
    table = read(path, where)
    status = table.take("error_status", int, 0)
    errors = _Errors(decode_provenance(table, None), {}, status)
    gateway = Gateway(
        error_status=status,
        ignores_unknown=table.one_of("unknown_parameters", ("refuse", "ignore")) == "ignore",
        errors={name: _error(name, t, errors) for name, t in table.named_tables("errors")},
        regions=frozenset(table.texts("regions")),
        limits=_facts(table.table("limits"), int),
        methods=table.texts("methods"),
        resources=_facts(table.table("resources"), str),
    )
    table.close()
    return gateway


def _methods(table: Table) -> tuple[str, ...]:
    """Read what each action has to say where its gateway does not."""
    if methods := table.texts("methods"):
        return methods
    raise table.error("missing key 'methods'")


def decode_provenance(table: Table, inherited: Provenance | None) -> Provenance:
    """Read `source`, `read_on`, `evidence` and `assumed`; the file's own must be complete."""
    assumed = _texts(table.table("assumed"))
    if inherited is None:
        return Provenance(
            source=table.take("source", str),
            read_on=table.day("read_on"),
            evidence=Evidence(table.one_of("evidence", _EVIDENCE)),
            assumed=assumed,
        )
    return Provenance(
        source=table.take("source", str, inherited.source),
        read_on=table.day("read_on", inherited.read_on),
        evidence=Evidence(table.one_of("evidence", _EVIDENCE, inherited.evidence)),
        assumed=assumed,
    )


def _texts(table: Table) -> dict[str, str]:
    content = table.everything()
    for key, value in content.items():
        if not isinstance(value, str):
            raise table.error(f"{key!r} must be str, not {type(value).__name__}")
    return content


def _facts(table: Table, kind: type[F]) -> dict[str, F]:
    """Read single values that have their own provenance, by name."""
    facts = {}
    for name, entry in table.each():
        decode_provenance(entry, Provenance("", None, Evidence.DOCUMENTED))
        facts[name] = entry.take("value", kind)
        entry.close()
    return facts


def _types(path: Path, where: str) -> Table:
    name = str(Path(where).parent / path.name)
    return read(path, name) if path.exists() else Table(name, {})


def _parameters(table: Table, context: _Context) -> dict[str, Parameter]:
    return {name: _parameter(name, entry, context) for name, entry in table.each()}


def _parameter(name: str, table: Table, context: _Context) -> Parameter:
    """Read one parameter; with `use` it takes its shape from a shared type of the product."""
    shared = table.take("use", str, "")
    if shared and shared not in context.types:
        raise table.error(f"'use' names no type of the product: {shared!r}")
    shape = _fresh(context.types[shared]) if shared else table
    provenance = decode_provenance(table, context.provenance)
    kind = shape.one_of("type", tuple(WORDS))
    if shared:
        shape_provenance = decode_provenance(shape, provenance)
        context = _Context(shape_provenance, context.types)
    properties = _parameters(shape.table("properties"), context)
    items = shape.take("items", dict, {})
    constraints = _constraints(kind, shape)
    parameter = Parameter(
        name=name,
        type=kind,
        provenance=provenance,
        required=table.take("required", bool, False),
        default=table.take("default", object, None),
        constraints=constraints,
        properties=properties,
        items=_parameter("", Table(table.where, items, f"{table.path}.items"), context)
        if items
        else None,
        applies_when=table.take("applies_when", dict, {}),
        codes=_texts(table.table("codes")),
        resource=table.take("resource", str, ""),
        identifier=table.take("identifier", str, ""),
        secret=table.take("secret", bool, False),
        meaning=table.take("meaning", str, shape.take("meaning", str, "") if shared else ""),
    )
    table.close()
    if shared:
        shape.close()
    return parameter


def _fresh(table: Table) -> Table:
    """Return a fresh reading of a shared type, which several parameters may use."""
    return Table(table.where, table.content, table.path)


def _constraints(kind: str, table: Table) -> dict[str, Any]:
    """Read the constraint words this type may have, in the order in which they are tried."""
    known = (*WORDS[kind], *(("format",) if kind == "integer" else ()))
    return table.rest(known)


def _used_errors(table: Table, path: Path, known: _Errors, where: str) -> dict[str, ErrorSpec]:
    """Read the errors that `use_errors` takes from the product's file, and then the action's own.

    `use_errors` names sets of errors and single ones. What an own error leaves out is as in the
    product's error of the same name, where the action uses that.
    """
    used = _shared_errors(path, table.texts("use_errors"), known, where, table)
    own = replace(known, known={**known.known, **used})
    return used | {name: _error(name, t, own) for name, t in table.named_tables("errors")}


def _shared_errors(
    path: Path, names: Sequence[str], known: _Errors, where: str, user: Table
) -> dict[str, ErrorSpec]:
    if not names:
        return {}
    table = read(path, str(Path(where).parent / path.name))
    context = replace(known, provenance=decode_provenance(table, None))
    sets, errors = table.table("sets"), dict(table.named_tables("errors"))
    members = {name: sets.texts(name) for name in sets.content}
    explanations(table, "codes")
    table.close()
    used = {code: None for name in names for code in members.get(name, (name,))}
    for code in used:
        if code not in errors:
            raise user.error(f"'use_errors' names no error or set of the product: {code!r}")
    return {code: _error(code, errors[code], context) for code in used}


def _error(name: str, table: Table, context: _Errors) -> ErrorSpec:
    """Read one error; what it leaves out is as in the gateway's error of the same name."""
    provenance = decode_provenance(table, context.provenance)
    known = context.known.get(name)
    message = _message(table, provenance) or (known and known.message)
    if not message:
        raise table.error("missing key 'message', or 'description' where no text is known")
    variants = {
        variant: _variant(entry, provenance) for variant, entry in table.named_tables("variants")
    }
    error = ErrorSpec(
        code=table.take("code", str, name),
        status=table.take("status", int, known.status if known else context.status),
        number=table.take("number", int, known.number if known else 0),
        message=message,
        variants={**(known.variants if known else {}), **variants},
        account=_states(table),
        unknown=table.texts("unknown"),
        foreign=table.texts("foreign"),
        provenance=provenance,
    )
    table.close()
    return error


def _variant(table: Table, inherited: Provenance) -> Message:
    message = _message(table, decode_provenance(table, inherited))
    if not message:
        raise table.error("missing key 'message', or 'description' where no text is known")
    table.close()
    return message


def _message(table: Table, provenance: Provenance) -> Message | None:
    """Read a literal `message`, or the page's `description`, answered for want of a text."""
    text, chinese = table.take("message", str, ""), table.take("message_zh", str, "")
    description = table.take("description", str, "")
    if description:
        why = "the documented description; no literal text is known"
        assumed = replace(provenance, evidence=Evidence.ASSUMED, assumed={"message": why})
        return Message(description, chinese, assumed)
    return Message(text, chinese, provenance) if text else None


def _states(table: Table) -> tuple[str, ...]:
    states = table.texts("account")
    for state in states:
        if state not in ACCOUNT_STATES:
            raise table.error(f"no such account state: {state!r}; {', '.join(ACCOUNT_STATES)}")
    return states


def _region(table: Table, inherited: Provenance) -> RegionRule:
    rule = RegionRule(
        required=table.take("required", bool),
        values=table.texts("values"),
        provenance=decode_provenance(table, inherited),
    )
    table.close()
    return rule


def _example(table: Table, inherited: Provenance) -> Example:
    example = Example(
        title=table.take("title", str),
        method=table.one_of("method", ("GET", "POST")),
        request=table.take("request", str),
        response=table.take("response", str),
        source=table.take("source", str, inherited.source),
    )
    table.close()
    return example


class _StagedRule(NamedTuple):
    """A rule between parameters, and the stage that can judge it."""

    stage: str
    rule: Rule
    provenance: Provenance


def _rules(table: Table, context: _Context) -> Iterator[_StagedRule]:
    for entry in table.tables("rules"):
        stage = entry.take("stage", str, "arguments")
        provenance = decode_provenance(entry, context.provenance)
        entry.take("meaning", str, "")
        shared = entry.take("conforms", str, "")
        rule = _conforms(shared, entry, context) if shared else decode_rule(entry)
        yield _StagedRule(stage, assumed(rule) if provenance.assumed else rule, provenance)
        entry.close()


def _judges(rules: Sequence[_StagedRule]) -> dict[str, Judge]:
    stages = dict.fromkeys(rule.stage for rule in rules)
    return {name: compile_rules([r.rule for r in rules if r.stage == name]) for name in stages}


def _conforms(shared: str, table: Table, context: _Context) -> Rule:
    """`path` has the shape of a shared type, where a handler made a value of a text."""
    path = table.take("path", str)
    shape = Table(table.where, {"use": shared}, table.path)
    check = compile_parameter(_parameter(path, shape, context), ignores_unknown=True)

    def rule(arguments: Mapping[str, Any], now: int) -> Iterator[Violation]:
        return (violation.under(path) for violation in check(arguments[path]))

    return rule
