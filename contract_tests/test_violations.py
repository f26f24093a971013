"""One thing wrong is refused with the documented code and text, and nothing comes of it."""

from collections.abc import Sequence
from typing import Any

import pytest

from contract_tests.cases import violating
from contract_tests.documents import Action, actions
from contract_tests.profile import Profile
from contract_tests.report import Tally
from contract_tests.stage import prepared
from contract_tests.target import Target
from contract_tests.transport import carrying
from contract_tests.verdict import listed, named, on_violation

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


@pytest.mark.parametrize("action", actions(), ids=named)
def test_one_violation_is_refused_as_documented_and_makes_nothing(
    target: Target, profile: Profile, tally: Tally, action: Action
) -> None:
    findings: list[str] = []
    staged = _staged(target, action)
    before = _everything(target, action)

    for number, case in enumerate(violating(action, profile.most)):
        arguments = {**target.settle(case.arguments), **_unless_meant(case.path, staged)}
        chosen = profile.chosen(carrying(action, arguments), number)
        for form in chosen:
            target.make_room(action)
            arguments = {**target.settle(case.arguments), **_unless_meant(case.path, staged)}
            answer = target.call(action, arguments, form)
            findings += on_violation(case, form, arguments, target.now, answer)
        if chosen:
            tally.add(action.name, case.keyword, case.key, len(chosen))

    if _everything(target, action) != before:
        findings.append(f"{action.file}: a call that was refused has made or changed something")
    assert not findings, listed(findings)


def _staged(target: Target, action: Action) -> dict[str, Any]:
    """Return what a handler that judges rules of its own has to find."""
    if not any("stage" in rule for rule in action.rules) or "TemplateId" not in action.parameters:
        return {}
    return {"TemplateId": prepared(target, action, {"TemplateId": ""})["TemplateId"]}


def _unless_meant(path: str, staged: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in staged.items() if name != path}


def _everything(target: Target, action: Action) -> object:
    """Return all that calls of the product can make, as its own lists and the tasks show it."""
    lists = [target.ask(name, arguments) for name, arguments in _LISTS.get(action.product, ())]
    return lists, sorted(target.tasks())
