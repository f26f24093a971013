"""What an answer has to be for a case, in words that name the spec file and the rule."""

from collections.abc import Mapping, Sequence
from typing import Any

from contract_tests.cases import Case
from contract_tests.documents import Action, find
from contract_tests.judge import misfits, objections
from contract_tests.refusals import refusal_for
from contract_tests.target import Answer, refusal, result
from contract_tests.transport import Form

_SHOWN = 400


def on_allowed(
    case: Case,
    form: Form,
    arguments: Mapping[str, Any],
    now: int,
    answer: Answer,
    hindered: str = "",
) -> Sequence[str]:
    """Return what is wrong with the answer to a call that the spec allows.

    `hindered` is the code that has to refuse it all the same, for what there is already.
    """
    action = case.action
    where = f"{_rule(case)}, {form}, {str(arguments)[:_SHOWN]}"
    if objected := objections(action, arguments, now):
        return [f"{where}: jsonschema objects: {objected[0]}"]
    refused = refusal(answer)
    if hindered or refused:
        if refused and refused.code == hindered:
            return []
        if refused is None:
            return [f"{where}: expected {hindered}, but it was accepted"]
        return [f"{where}: is allowed, but refused: {refused.code}: {refused.message}"]
    answered = result(action, answer)
    if action.vendor == "volcengine" and not action.response:
        # The page documents no members: the result is a text.
        return [] if isinstance(answered, str) else [f"{where}: the result is {answered!r}"]
    return [f"{where}: the answer's {each}" for each in misfits(action, answered)]


def on_violation(
    case: Case, form: Form, arguments: Mapping[str, Any], now: int, answer: Answer
) -> Sequence[str]:
    """Return what is wrong with the answer to a call with one violation."""
    where = f"{_rule(case)}, {form}, {str(arguments)[:_SHOWN]}"
    objected = objections(case.action, arguments, now)
    if [(each.path, each.keyword) for each in objected] != [(case.path, case.keyword)]:
        return [f"{where}: jsonschema objects to {objected}"]
    expected, refused = refusal_for(case.action, objected[0]), refusal(answer)
    if refused is None:
        return [f"{where}: is not allowed ({expected.code}), but accepted"]
    if refused != expected:
        return [f"{where}: expected {expected}, got {refused}"]
    return []


def _rule(case: Case) -> str:
    """Name the file and the rule, with its limit where it has one."""
    member = find(case.action, case.path) if case.path else None
    limit = member.limits.get(case.keyword) if member else None
    return f"{case!r}" + (f" {limit}" if limit is not None else "")


def listed(findings: Sequence[str]) -> str:
    """Return findings as a test shows them, the first of many."""
    more = f"\nand {len(findings) - 20} more" if len(findings) > 20 else ""
    return f"{len(findings)} findings:\n" + "\n".join(findings[:20]) + more


def named(action: Action) -> str:
    return f"{action.vendor}-{action.name}"
