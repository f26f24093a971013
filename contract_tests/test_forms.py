"""A call says the same in every form and scheme, and is answered the same."""

import pytest

from contract_tests.cases import bases, minimal
from contract_tests.documents import Action, actions
from contract_tests.stage import cleared, prepared
from contract_tests.target import Target, refusal, result
from contract_tests.transport import carrying
from contract_tests.verdict import named

_ASKING = [each for each in actions() if each.name.startswith(("Describe", "List", "Get"))]


@pytest.mark.parametrize("action", _ASKING, ids=named)
def test_a_question_has_one_answer_in_whatever_form_it_is_put(
    target: Target, action: Action
) -> None:
    for wanted in (minimal(action), bases(action)[0]):
        arguments = prepared(target, action, wanted)
        forms = carrying(action, arguments)
        target.advance(1)

        answers = {form.name: target.call(action, arguments, form) for form in forms}

        refused = {name: refusal(answer) for name, answer in answers.items()}
        assert set(refused.values()) == {None}, f"{action.file}: {refused}"
        told = {name: result(action, answer) for name, answer in answers.items()}
        first, *others = told.values()
        assert all(other == first for other in others), f"{action.file}: {told}"
        cleared(target, action, arguments, first)
