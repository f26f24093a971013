"""An action is found where the specs say: by its methods, in its regions, on its sites."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest

from contract_tests.cases import minimal
from contract_tests.documents import Action, actions, gateway
from contract_tests.profile import QUICK, Profile
from contract_tests.refusals import Refusal
from contract_tests.signers import Wire
from contract_tests.stage import cleared, prepared
from contract_tests.target import Target, refusal, result
from contract_tests.transport import forms, host, region, site
from contract_tests.verdict import listed, named

IN_REGIONS = [action for action in actions() if action.regions]
ON_SITES = [action for action in actions() if action.sites]
_NOWHERE = "xx-nowhere"


def _host(action: Action, place: str) -> str:
    middle = ".intl" if place == "intl" else ""
    return f"{action.product}{middle}.tencentcloudapi.com"


def _sent(target: Target, action: Action, place: str, where: str, arguments: Any) -> Any:
    target.count(action)
    signer = target.signer(_host(action, place))
    wire = signer.tencent_v3(action.name, action.version, arguments, region=where)
    return target.send(wire)


@pytest.mark.parametrize("action", IN_REGIONS, ids=named)
def test_an_action_is_offered_in_each_of_its_regions(
    target: Target, profile: Profile, action: Action
) -> None:
    findings = []

    for place, values in action.regions.items():
        for where in values[:2] if profile is QUICK else values:
            target.make_room(action)
            arguments = prepared(target, action, minimal(action))
            answer = _sent(target, action, place, where, arguments)
            if refused := refusal(answer):
                findings.append(f"{action.file}: regions.{place}: {where}: {refused}")
            else:
                cleared(target, action, arguments, result(action, answer))

    assert not findings, listed(findings)


@pytest.mark.parametrize("action", IN_REGIONS, ids=named)
def test_another_region_is_refused_by_what_is_wrong_with_it(target: Target, action: Action) -> None:
    findings = []

    for place, values in action.regions.items():
        for where, expected in _wrong_regions(action, values):
            found = refusal(_sent(target, action, place, where, {}))
            if found != expected:
                findings.append(f"{action.file}: regions.{place}: {where!r}: {found}")

    assert not findings, listed(findings)


def _wrong_regions(action: Action, values: Sequence[str]) -> Iterator[tuple[str, Refusal]]:
    yield "", _refusal(action, "MissingParameter", path="Region")
    yield _NOWHERE, _refusal(action, "InvalidParameterValue", "region_unknown.TC3-HMAC-SHA256")
    for where in gateway(action)["regions"]:
        if where not in values:
            yield where, _refusal(action, "UnsupportedRegion")


def _refusal(of: Action, code: str, variant: str = "", **facts: str) -> Refusal:
    error = of.errors[code]
    message = error.variants.get(variant, error.message).format_map(facts)
    return Refusal(error.code, message, error.status)


@pytest.mark.parametrize("action", ON_SITES, ids=named)
def test_an_action_of_one_site_is_unknown_on_the_other(target: Target, action: Action) -> None:
    other = "mainland" if site(action) == "intl" else "intl"
    facts = {"action": action.name, "service": action.product, "version": action.version}

    arguments = target.settle(minimal(action))
    found = refusal(_sent(target, action, other, region(action), arguments))

    assert found == _refusal(action, "InvalidAction", "", **facts), f"{action.file}: sites: {found}"


# The gateway's code for a method that it, or the action, does not have.
_NO_METHOD: Mapping[str, str] = {
    "tencent": "UnsupportedProtocol",
    "alibaba": "UnsupportedHTTPMethod",
    "volcengine": "MethodNotAllowed",
}


@pytest.mark.parametrize("action", actions(), ids=named)
def test_a_method_that_the_action_does_not_have_is_refused(target: Target, action: Action) -> None:
    error = action.errors[_NO_METHOD[action.vendor]]
    expected = Refusal(error.code, error.message, error.status, error.number)
    for method in {"GET", "POST", "PUT"} - set(action.methods):
        target.count(action)

        found = refusal(target.send(_sent_by(target, action, method)))

        assert found == expected, f"{action.file}: methods: {method}: {found}"
    assert {form.method for form in forms(action)} == set(action.methods)


def _sent_by(target: Target, action: Action, method: str) -> Wire:
    signer = target.signer(host(action))
    match action.vendor:
        case "tencent":
            where = region(action)
            return signer.tencent_v3(action.name, action.version, {}, method=method, region=where)
        case "alibaba":
            return signer.alibaba_v3(action.name, action.version, {}, method=method)
    return signer.volcengine(action.name, action.version, {}, method=method)
