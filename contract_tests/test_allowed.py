"""What the specs allow is accepted, in every form, and answered as they say."""

import pytest

from contract_tests.cases import allowed
from contract_tests.documents import Action, actions
from contract_tests.exercise import accepted
from contract_tests.profile import Profile
from contract_tests.report import Tally
from contract_tests.target import Target
from contract_tests.verdict import listed, named


@pytest.mark.parametrize("action", actions(), ids=named)
def test_what_the_spec_allows_is_accepted_and_answered_in_the_documented_shape(
    target: Target, profile: Profile, tally: Tally, action: Action
) -> None:
    cases = allowed(action, profile.most)

    findings = accepted(target, profile, tally, action, cases)

    assert not findings, listed(findings)
