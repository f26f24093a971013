"""Accounts, keys and things that are not as usual are refused with the codes of the documents."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

import pytest

from contract_tests.arguments import Arguments, at, put
from contract_tests.cases import minimal
from contract_tests.documents import Action, Error, Member, actions, walk
from contract_tests.refusals import Refusal
from contract_tests.target import Target, refusal
from contract_tests.test_signatures import call_of
from contract_tests.transport import FORMS, Form, forms
from contract_tests.verdict import listed, named
from contract_tests.worlds import FOREIGN, OWN, STATES_OF_ACCOUNTS, TOKEN, UNKNOWN

OF_THINGS = [a for a in actions() if any(m.resource for _, m in walk(a.parameters))]


@pytest.mark.parametrize("action", actions(), ids=named)
def test_an_account_in_each_state_is_refused_with_the_states_code(
    in_states: Target, action: Action
) -> None:
    findings = []

    for state in STATES_OF_ACCOUNTS:
        expected = next((e for e in action.errors.values() if state in e.account), None)
        if expected is None:
            continue
        arguments = in_states.settle(minimal(action))
        found = refusal(in_states.call(action, arguments, forms(action)[0], key_id=state))
        if found != _as_documented(expected):
            findings.append(f"{action.file}: errors.{expected.code}: account {state}: {found}")

    assert not findings, listed(findings)


class Keys(NamedTuple):
    """The gateway's codes for keys and tokens that are not good."""

    revoked: str
    no_token: str
    another_token: str
    late_token: str


KEYS: Mapping[str, Keys] = {
    "tencent": Keys("AuthFailure.SecretIdNotFound", *["AuthFailure.TokenFailure"] * 3),
    "alibaba": Keys(
        "InvalidAccessKeyId.Inactive",
        "MissingSecurityToken",
        "InvalidSecurityToken.MismatchWithAccessKey",
        "InvalidSecurityToken.Expired",
    ),
    "volcengine": Keys("InvalidAccessKey", *["InvalidSecretToken"] * 3),
}


@pytest.mark.parametrize("form", FORMS, ids=repr)
def test_keys_and_tokens_that_are_not_good_are_refused_with_the_gateways_codes(
    in_states: Target, form: Form
) -> None:
    codes = KEYS[form.vendor]
    as_usual = call_of(in_states, form)

    found = {
        "revoked": call_of(in_states, form, key_id="revoked"),
        "no token": call_of(in_states, form, key_id="temporary"),
        "another token": call_of(in_states, form, key_id="temporary", token="another"),
        "late token": call_of(in_states, form, key_id="expired", token=TOKEN),
        "its token": call_of(in_states, form, key_id="temporary", token=TOKEN),
    }

    expected = dict(zip(found, (*codes, as_usual), strict=True))
    assert found == expected, f"{form.vendor}/specs/gateway.toml: {form}"


@pytest.mark.parametrize("action", OF_THINGS, ids=named)
def test_what_nobody_has_and_what_another_has_are_refused_with_their_codes(
    of_owners: Target, action: Action
) -> None:
    findings = []

    for name, value, expected in _not_ones_own(action):
        arguments = of_owners.settle(put(_of_ones_own(action), name, value))
        found = refusal(of_owners.call(action, arguments, forms(action)[0]))
        if found is None or found.code != expected.code:
            findings.append(f"{action.file}: errors.{expected.code}: {name} {value}: {found}")

    assert not findings, listed(findings)


def _not_ones_own(action: Action) -> Iterator[tuple[str, int | str, Error]]:
    """Yield what a call may name wrongly, with the error that lists it."""
    for path, member in walk(action.parameters):
        for error in action.errors.values() if member.resource else ():
            if at(minimal(action), path) is None:
                continue
            if member.resource in error.unknown:
                yield path, _naming(member, UNKNOWN[member.type]), error
            if member.resource in error.foreign:
                yield path, _naming(member, FOREIGN[member.type]), error


def _of_ones_own(action: Action) -> Arguments:
    arguments = minimal(action)
    for path, member in walk(action.parameters):
        if member.resource and at(arguments, path) is not None:
            arguments = put(arguments, path, _naming(member, OWN[member.type]))
    return arguments


def _naming(member: Member, name: int | str) -> int | str:
    """Return the value that names a thing: in an address, where its pattern looks for it there."""
    return f"oss://{name}/{{Count}}.jpg" if member.identifier else name


def _as_documented(error: Error) -> Refusal:
    return Refusal(error.code, error.message, error.status, error.number)
