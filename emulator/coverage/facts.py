"""The facts of an action's spec, by how each is known."""

from collections import Counter
from collections.abc import Iterator

from emulator.spec.action import Action, ErrorSpec, Evidence, Message, Parameter, Provenance


def count_facts(action: Action) -> Counter[Evidence]:
    """Count what the spec says of one action.

    A fact is a member with its type, each constraint, default and promise of it, a code, each of
    its texts and causes, a rule between parameters, a rate, and what a region or site offers.
    """
    return Counter(_of_action(action))


def _of_action(action: Action) -> Iterator[Evidence]:
    yield _evidence(action.provenance, "calls_per_second")
    if action.sites:
        yield _evidence(action.provenance, "sites")
    for region in action.regions.values():
        yield _evidence(region.provenance, "values")
    for rule in action.rules:
        yield Evidence.ASSUMED if rule.assumed else rule.evidence
    for member in (*action.parameters.values(), *action.response.values()):
        yield from _of_member(member)
    for error in action.errors.values():
        yield from _of_error(error)


def _of_member(member: Parameter) -> Iterator[Evidence]:
    said = {"type": True, "required": member.required, "default": member.default is not None}
    words = (*(word for word, is_said in said.items() if is_said), *member.constraints)
    yield from (_evidence(member.provenance, word) for word in words)
    for below in member.properties.values():
        yield from _of_member(below)
    if member.items:
        yield from _of_member(member.items)


def _of_error(error: ErrorSpec) -> Iterator[Evidence]:
    yield _evidence(error.provenance, "code")
    for message in (error.message, *error.variants.values()):
        yield _of_message(message)
    for cause in ("account", "unknown", "foreign"):
        if getattr(error, cause):
            yield _evidence(error.provenance, cause)


def _of_message(message: Message) -> Evidence:
    return _evidence(message.provenance, "message")


def _evidence(provenance: Provenance, key: str) -> Evidence:
    return Evidence.ASSUMED if key in provenance.assumed else provenance.evidence
