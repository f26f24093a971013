"""One thing wrong is refused with the documented code and text, and nothing comes of it."""

import pytest

from contract_tests.cases import violating
from contract_tests.documents import Action, actions
from contract_tests.exercise import refused
from contract_tests.profile import Profile
from contract_tests.report import Tally
from contract_tests.target import Target
from contract_tests.verdict import listed, named


@pytest.mark.parametrize("action", actions(), ids=named)
def test_one_violation_is_refused_as_documented_and_makes_nothing(
    target: Target, profile: Profile, tally: Tally, action: Action
) -> None:
    cases = violating(action, profile.most)

    findings = refused(target, profile, tally, action, cases)

    assert not findings, listed(findings)
