"""Every documented error of every action can be had by a rule, worded as documented."""

from collections.abc import Callable

import pytest

from contract_tests.cases import minimal
from contract_tests.documents import Action, actions
from contract_tests.profile import Profile
from contract_tests.rehearsal import rehearsed
from contract_tests.report import Tally
from contract_tests.target import Target
from contract_tests.transport import carrying
from contract_tests.verdict import listed, named


@pytest.mark.parametrize("action", actions(), ids=named)
def test_each_documented_error_is_answered_once_by_a_rule_that_asks_for_it(
    target: Target,
    profile: Profile,
    tally: Tally,
    record_property: Callable[[str, object], None],
    action: Action,
) -> None:
    record_property("by_rule", "yes")
    forms = carrying(action, target.settle(minimal(action)))
    chosen = profile.chosen(forms, actions().index(action))

    findings = [
        finding for form in chosen for finding in rehearsed(target, action, form, action.errors)
    ]

    for code in action.errors:
        tally.add(action.name, "documented error", code, len(chosen))
    assert chosen
    assert not findings, listed(findings)
