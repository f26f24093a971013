"""What the specs allow is accepted, in every form, and answered as they say."""

import pytest

from contract_tests.cases import allowed
from contract_tests.documents import Action, actions
from contract_tests.profile import Profile
from contract_tests.report import Tally
from contract_tests.stage import cleared, hindrance, prepared
from contract_tests.target import Target, refusal, result
from contract_tests.transport import carrying
from contract_tests.verdict import listed, named, on_allowed


@pytest.mark.parametrize("action", actions(), ids=named)
def test_what_the_spec_allows_is_accepted_and_answered_in_the_documented_shape(
    target: Target, profile: Profile, tally: Tally, action: Action
) -> None:
    findings: list[str] = []

    for number, case in enumerate(allowed(action, profile.most)):
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

    assert not findings, listed(findings)
