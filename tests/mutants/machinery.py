"""Mutants of what is code: which code answers what, each check of the gateway, each signed part."""

import ast
import inspect
from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from types import ModuleType
from typing import NamedTuple

from contract_tests import test_accounts, test_address, test_limits, test_signatures, worlds
from contract_tests.cases import allowed, violating
from contract_tests.documents import actions
from contract_tests.exercise import accepted, refused
from contract_tests.profile import FULL, QUICK, Profile
from contract_tests.report import Tally
from contract_tests.target import Target
from contract_tests.transport import FORMS
from emulator.model.vendor import Step, Vendor
from emulator.vendors import VENDORS
from emulator.vendors.alibaba import errors as alibaba_errors
from emulator.vendors.alibaba import signature as alibaba_signature
from emulator.vendors.tencent import errors as tencent_errors
from emulator.vendors.tencent import signature as tencent_signature
from emulator.vendors.volcengine import errors as volcengine_errors
from emulator.vendors.volcengine import signature as volcengine_signature
from tests.mutants.trial import Look, finding_in, first_finding

_MODULES: Mapping[str, tuple[ModuleType, ModuleType]] = {
    "tencent": (tencent_signature, tencent_errors),
    "alibaba": (alibaba_signature, alibaba_errors),
    "volcengine": (volcengine_signature, volcengine_errors),
}
Change = Callable[[], object]

_ONE_EACH = Profile(most=1, examples=1, runs=1, steps=1, is_in_every_form=False)


class Machine(NamedTuple):
    """A vendor with one part of its machinery changed."""

    name: str
    vendor: Vendor

    def __repr__(self) -> str:
        return f"{self.vendor.name}: {self.name}"


def machines() -> Iterator[Machine]:
    for vendor in VENDORS:
        yield from _with_other_codes(vendor)
        yield from _without_steps(vendor)
        signature, errors = _MODULES[vendor.name]
        for name, module in _changed_modules(signature):
            yield Machine(f"signature: {name}", replace(vendor, signatures=module.signatures))
        for name, module in _changed_modules(errors):
            changed = replace(
                vendor, codes=module.CODES, blame=module.blame, is_gateways=module.is_gateways
            )
            yield Machine(f"errors: {name}", changed)


def noticed(machine: Machine) -> str:
    changed = machine.vendor
    vendors = tuple(changed if each.name == changed.name else each for each in VENDORS)
    found = first_finding(vendors, _looks(changed.name))
    for text, look in _looks_elsewhere(changed.name):
        found = found or finding_in(text, vendors, look)
    return found


def _looks_elsewhere(vendor: str) -> Iterator[tuple[str, Look]]:
    """Yield each declared world with what is looked at in it."""

    def states(target: Target) -> Sequence[str]:
        for form in (form for form in FORMS if form.vendor == vendor):
            test_accounts.test_keys_and_tokens_that_are_not_good_are_refused_with_the_gateways_codes(
                target, form
            )
        for action in (action for action in actions() if action.vendor == vendor):
            test_accounts.test_an_account_in_each_state_is_refused_with_the_states_code(
                target, action
            )
        return ()

    def owners(target: Target) -> Sequence[str]:
        for action in (action for action in test_accounts.OF_THINGS if action.vendor == vendor):
            test_accounts.test_what_nobody_has_and_what_another_has_are_refused_with_their_codes(
                target, action
            )
        return ()

    yield worlds.STATES, states
    yield worlds.owners(), owners


def _with_other_codes(vendor: Vendor) -> Iterator[Machine]:
    plain = [code for code, error in vendor.catalog.gateway.errors.items() if "{" not in error.code]
    for reason, code in vendor.codes.items():
        other = next(each for each in plain if each != code)
        changed = replace(vendor, codes={**vendor.codes, reason: other})
        yield Machine(f"codes: {reason.name} answers {other}", changed)


def _without_steps(vendor: Vendor) -> Iterator[Machine]:
    for step in vendor.order:
        if isinstance(step, Step):
            left = tuple(each for each in vendor.order if each is not step)
            yield Machine(f"order: without {step.name}", replace(vendor, order=left))


def _changed_modules(module: ModuleType) -> Iterator[tuple[str, ModuleType]]:
    source = inspect.getsource(module)
    tree = ast.parse(source)
    for number, (what, _) in enumerate(_changes(tree)):
        changed = deepcopy(tree)
        _, change = list(_changes(changed))[number]
        change()
        made = ModuleType(f"{module.__name__}_{number}")
        made.__file__ = module.__file__
        exec(compile(ast.fix_missing_locations(changed), what, "exec"), made.__dict__)
        yield what, made


def _changes(tree: ast.Module) -> Iterator[tuple[str, Change]]:
    """Yield each part of a text left out, and each question taken for answered."""
    for function in tree.body:
        if isinstance(function, ast.FunctionDef):
            for node in ast.walk(function):
                for what, change in _changes_of(node):
                    yield f"{function.name}: {what}", change


def _changes_of(node: ast.AST) -> Iterator[tuple[str, Change]]:
    if isinstance(node, ast.JoinedStr):
        for index, part in enumerate(node.values):
            if isinstance(part, ast.FormattedValue):
                yield f"without {ast.unparse(part.value)}", partial(node.values.pop, index)
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        joined = node.args[0] if node.func.attr == "join" and node.args else None
        if isinstance(joined, ast.Tuple):
            for index, part in enumerate(joined.elts):
                yield f"without {ast.unparse(part)}", partial(joined.elts.pop, index)
    for field, value in ast.iter_fields(node):
        if isinstance(value, ast.Compare):
            for answer in (True, False):
                what = f"{ast.unparse(value)} taken for {answer}"
                yield what, partial(setattr, node, field, ast.Constant(answer))


def _looks(vendor: str) -> Iterator[Look]:
    """Look first at one call in every form, then at what is signed, and at last at all cases."""
    forms = [form for form in FORMS if form.vendor == vendor]
    every = sorted(
        (action for action in actions() if action.vendor == vendor),
        key=lambda action: -len(action.parameters),
    )

    def called(target: Target) -> Sequence[str]:
        profile = replace(_ONE_EACH, is_in_every_form=True)
        found: list[str] = []
        for action in every[:4]:
            found += accepted(target, profile, Tally(), action, allowed(action, 1)[:3])
        return found

    def mistaken(target: Target) -> Sequence[str]:
        for form in forms:
            for mistake in test_signatures.MISTAKES:
                test_signatures.test_who_signs_otherwise_is_refused_with_the_gateways_code(
                    target, form, mistake
                )
            for side in (-1, 1):
                test_signatures.test_a_signature_is_good_within_its_window_and_not_beyond(
                    target, form, side
                )
            test_signatures.test_the_same_request_again_is_refused_where_nonces_are_used_up(
                target, form
            )
        return ()

    def changed(profile: Profile) -> Look:
        def look(target: Target) -> Sequence[str]:
            for form in forms:
                test_signatures.test_no_signed_byte_can_be_changed(target, profile, form)
            return ()

        return look

    def broken(target: Target) -> Sequence[str]:
        found: list[str] = []
        for action in every:
            found += refused(target, _ONE_EACH, Tally(), action, violating(action, 1))
        return found

    def elsewhere(target: Target) -> Sequence[str]:
        for action in test_address.IN_REGIONS if vendor == "tencent" else ():
            test_address.test_another_region_is_refused_by_what_is_wrong_with_it(target, action)
        for action in test_address.ON_SITES if vendor == "tencent" else ():
            test_address.test_an_action_of_one_site_is_unknown_on_the_other(target, action)
        few = min(every, key=lambda action: action.calls_per_second)
        test_limits.test_a_second_has_room_for_as_many_calls_as_documented_and_no_more(
            target, QUICK, few
        )
        return ()

    yield called
    yield mistaken
    yield changed(QUICK)
    yield elsewhere
    yield broken
    yield changed(FULL)
