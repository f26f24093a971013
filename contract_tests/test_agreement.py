"""jsonschema, fed the same specs, says of every generated case what is answered to it."""

from collections.abc import Iterator, Sequence

import pytest

from contract_tests.cases import Case, candidates
from contract_tests.documents import Action, actions
from contract_tests.exercise import needs
from contract_tests.judge import Objection, objections
from contract_tests.profile import Profile
from contract_tests.refusals import Refusal, refusal_for
from contract_tests.report import Tally
from contract_tests.stage import cleared, hindrance, prepared
from contract_tests.target import Target, refusal, result
from contract_tests.transport import carrying
from contract_tests.verdict import listed, named


@pytest.mark.parametrize("action", actions(), ids=named)
def test_jsonschema_and_the_answers_agree_on_what_is_allowed_and_on_what_is_wrong(
    target: Target, profile: Profile, tally: Tally, action: Action
) -> None:
    findings: list[str] = []

    for number, case in enumerate(candidates(action, profile.most)):
        findings += _disagreement(target, tally, case, number)

    assert not findings, listed(findings)


def _disagreement(target: Target, tally: Tally, case: Case, number: int) -> Iterator[str]:
    """Send a case, whatever it was meant to be, in one of its forms."""
    action = case.action
    forms = carrying(action, target.settle(case.arguments))
    if not forms:
        return
    form = forms[number % len(forms)]
    target.make_room(action)
    hindered = ""
    arguments = {**target.settle(case.arguments), **_needed(target, case)}
    if not objections(action, arguments, target.now):
        arguments = prepared(target, action, case.arguments)
        hindered = hindrance(target, action, arguments)
    answer = target.call(action, arguments, form)
    judged, refused = objections(action, arguments, target.now), refusal(answer)
    if not judged and not refused:
        cleared(target, action, arguments, result(action, answer))
    if _is_the_same(action, judged, refused, hindered):
        tally.agree(action.name, is_allowed=not judged)
    else:
        yield f"{case!r}, {form}, {arguments}: jsonschema: {judged or 'allowed'}, got {refused}"


def _needed(target: Target, case: Case) -> dict[str, object]:
    return {name: each for name, each in needs(target, case.action).items() if name != case.path}


def _is_the_same(
    action: Action, judged: Sequence[Objection], refused: Refusal | None, hindered: str
) -> bool:
    """Of several things that are wrong any may be told."""
    if judged:
        return refused in [refusal_for(action, each) for each in judged]
    return (refused.code if refused else "") == hindered
