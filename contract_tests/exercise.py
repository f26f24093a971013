"""Cases sent, one after another, and what is wrong with the answers."""

from collections.abc import Sequence
from typing import Any

from contract_tests.cases import Case
from contract_tests.documents import Action
from contract_tests.profile import Profile
from contract_tests.report import Tally
from contract_tests.stage import cleared, hindrance, prepared
from contract_tests.target import Target, refusal, result
from contract_tests.transport import carrying
from contract_tests.verdict import on_allowed, on_violation

# The lists by which a product shows what its calls have made.
_LISTS: dict[str, Sequence[tuple[str, dict[str, Any]]]] = {
    "live": (
        ("DescribeLiveSnapshotTemplates", {}),
        ("DescribeLiveCallbackTemplates", {}),
        ("DescribeLiveSnapshotRules", {}),
        ("DescribeLiveCallbackRules", {}),
        ("DescribeLiveDomains", {}),
    ),
    "ice": (
        ("ListPipelines", {}),
        ("ListCustomTemplates", {"Type": "1,2,3,4,5,6,7,8,9,10,11"}),
        ("GetEventCallback", {}),
    ),
}


def accepted(
    target: Target, profile: Profile, tally: Tally, action: Action, cases: Sequence[Case]
) -> Sequence[str]:
    """Send allowed calls, each with what it needs, and clear away after it."""
    findings: list[str] = []
    for number, case in enumerate(cases):
        chosen = profile.chosen(carrying(action, target.settle(case.arguments)), number)
        for form in chosen:
            target.make_room(action)
            arguments = prepared(target, action, case.arguments)
            hindered = hindrance(target, action, arguments)
            answer = target.call(action, arguments, form)
            findings += on_allowed(case, form, arguments, target.now, answer, hindered)
            if not refusal(answer):
                cleared(target, action, arguments, result(action, answer))
        if chosen:
            tally.add(action.name, case.kind, case.key, len(chosen))
    return findings


def refused(
    target: Target, profile: Profile, tally: Tally, action: Action, cases: Sequence[Case]
) -> Sequence[str]:
    """Send calls with one violation; nothing may come of any."""
    findings: list[str] = []
    staged = needs(target, action)
    before = everything(target, action)
    for number, case in enumerate(cases):
        needed = {name: value for name, value in staged.items() if name != case.path}
        arguments = {**target.settle(case.arguments), **needed}
        chosen = profile.chosen(carrying(action, arguments), number)
        for form in chosen:
            target.make_room(action)
            arguments = {**target.settle(case.arguments), **needed}
            answer = target.call(action, arguments, form)
            findings += on_violation(case, form, arguments, target.now, answer)
        if chosen:
            tally.add(action.name, case.keyword, case.key, len(chosen))
    if everything(target, action) != before:
        findings.append(f"{action.file}: a call that was refused has made or changed something")
    return findings


def needs(target: Target, action: Action) -> dict[str, Any]:
    """Return what a handler that judges rules of its own has to find."""
    if not any("stage" in rule for rule in action.rules) or "TemplateId" not in action.parameters:
        return {}
    return {"TemplateId": prepared(target, action, {"TemplateId": ""})["TemplateId"]}


def everything(target: Target, action: Action) -> object:
    """Return all that calls of the product can make, as its own lists and the tasks show it."""
    lists = [target.ask(name, arguments) for name, arguments in _LISTS.get(action.product, ())]
    return lists, sorted(target.tasks())
