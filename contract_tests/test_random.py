"""Whatever Hypothesis thinks of: allowed calls are accepted, single violations refused."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import HealthCheck, given, settings

from contract_tests.cases import Case
from contract_tests.documents import Action, actions
from contract_tests.profile import Profile
from contract_tests.report import Tally
from contract_tests.stage import cleared, hindrance, prepared
from contract_tests.strategies import allowed_calls, violating_calls
from contract_tests.target import Target, refusal, result
from contract_tests.transport import carrying
from contract_tests.verdict import listed, on_allowed, on_violation

PRODUCTS = ("tiw", "live", "ice", "rtc")


def of_product(product: str) -> Sequence[Action]:
    return tuple(action for action in actions() if action.product == product)


@pytest.mark.parametrize("product", PRODUCTS)
def test_any_allowed_call_is_accepted(
    target: Target, profile: Profile, tally: Tally, product: str
) -> None:
    @explored(profile)
    @given(allowed_calls(of_product(product)))
    def accepted(case: Case) -> None:
        action = case.action
        chosen = profile.chosen(carrying(action, target.settle(case.arguments)), len(case.key))
        for form in chosen[:1]:
            target.make_room(action)
            arguments = prepared(target, action, case.arguments)
            hindered = hindrance(target, action, arguments)
            answer = target.call(action, arguments, form)
            findings = on_allowed(case, form, arguments, target.now, answer, hindered)
            if not refusal(answer):
                cleared(target, action, arguments, result(action, answer))
            tally.add(action.name, case.kind, case.key)
            assert not findings, listed(findings)

    accepted()


@pytest.mark.parametrize("product", PRODUCTS)
def test_any_single_violation_is_refused_as_documented(
    target: Target, profile: Profile, tally: Tally, product: str
) -> None:
    tasks = sorted(target.tasks())

    @explored(profile)
    @given(violating_calls(of_product(product)))
    def refused(case: Case) -> None:
        action = case.action
        for form in carrying(action, target.settle(case.arguments))[:1]:
            target.make_room(action)
            arguments = target.settle(case.arguments)
            answer = target.call(action, arguments, form)
            tally.add(action.name, case.kind, case.key)
            findings = on_violation(case, form, arguments, target.now, answer)
            assert not findings, listed(findings)

    refused()

    assert sorted(target.tasks()) == tasks


def explored(profile: Profile) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Look at so many examples, the same in every run."""
    return settings(
        max_examples=profile.examples,
        deadline=None,
        database=None,
        derandomize=True,
        suppress_health_check=list(HealthCheck),
    )
