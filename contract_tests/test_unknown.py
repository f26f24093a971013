"""What has to name something that exists is judged by its shape first, and then looked for."""

import pytest

from contract_tests.arguments import put
from contract_tests.cases import minimal
from contract_tests.documents import Action, actions
from contract_tests.judge import Objection
from contract_tests.refusals import refusal_for
from contract_tests.target import Target, refusal
from contract_tests.transport import carrying
from contract_tests.usual import PINNED
from contract_tests.values import good
from contract_tests.verdict import listed, named

_NAMING = [action for action in actions() if action.name in PINNED]


@pytest.mark.parametrize("action", _NAMING, ids=named)
def test_what_names_nothing_is_refused_for_that_and_not_for_its_shape(
    target: Target, action: Action
) -> None:
    findings = []

    for name in PINNED[action.name]:
        member = action.parameters[name]
        if not name.endswith(("Id", "ID")) or not member.limits:
            continue
        of_shape = {
            refusal_for(action, Objection(name, word)).code for word in ("type", *member.limits)
        }
        for what, value in good(member):
            arguments = target.settle(put(minimal(action), name, value))
            answer = target.call(action, arguments, carrying(action, arguments)[0])
            refused = refusal(answer)
            if refused and refused.code in of_shape:
                findings.append(f"{action.file}: {name}: {what} {value!r:.60}: {refused}")

    assert not findings, listed(findings)
