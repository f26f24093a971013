"""A mutant put to the contract tests: the first that they find wrong, or nothing."""

import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path

from contract_tests import test_accounts, test_address, test_limits, test_unknown, worlds
from contract_tests.cases import Case, allowed, violating
from contract_tests.documents import VENDORS as SPECS
from contract_tests.documents import Action
from contract_tests.exercise import accepted, refused
from contract_tests.profile import Profile
from contract_tests.rehearsal import rehearsed
from contract_tests.report import Tally
from contract_tests.target import Target
from contract_tests.transport import forms
from contract_tests.usual import PINNED
from emulator.model.vendor import Vendor
from emulator.spec.catalog import Catalog
from emulator.vendors import VENDORS
from tests.looped import looped
from tests.mutants.documents import Mutant
from tests.mutants.toml import written
from tests.server import HOST

_PROFILE = Profile(most=24, examples=1, runs=1, steps=1, is_in_every_form=False)
# The rule for the quick look is that of the whole: only what concerns the place is sent.
_FEW = 4


Look = Callable[[Target], Sequence[str]]


@contextmanager
def emulator_of(vendors: tuple[Vendor, ...], world: Path | None = None) -> Iterator[Target]:
    with looped(vendors, world=world) as emulator:
        yield Target(emulator.send, HOST, first=10**9)


@contextmanager
def changed_specs() -> Iterator[Path]:
    """Yield a copy of all specs, to be changed a file at a time."""
    with tempfile.TemporaryDirectory() as folder:
        for vendor in VENDORS:
            shutil.copytree(SPECS / vendor.name / "specs", Path(folder) / vendor.name / "specs")
        yield Path(folder)


def noticed(mutant: Mutant, copies: Path) -> str:
    """Return what the contract tests say to a mutant of a spec file, "" where they notice nothing.

    First the cases at the place that was changed, then all of the action.
    """
    vendors = with_specs(copies, mutant)
    try:
        if look := _LOOKS_AT_CAUSES.get(str(mutant.keys[-1])):
            world, check = look
            return finding_in(world(), vendors, lambda target: _of_causes(target, mutant, check))
        return first_finding(vendors, _looks(mutant))
    finally:
        shutil.copy(SPECS / mutant.file, copies / mutant.file)


def finding_in(world: str, vendors: tuple[Vendor, ...], look: Look) -> str:
    """Return what is found in a world that is declared for it."""
    with tempfile.NamedTemporaryFile("w", suffix=".toml", encoding="utf-8") as file:
        file.write(world)
        file.flush()
        return first_finding(vendors, [look], Path(file.name))


def _of_causes(
    target: Target, mutant: Mutant, check: Callable[[Target, Action], None]
) -> Sequence[str]:
    for action, _ in mutant.met:
        check(target, action)
    return ()


def with_specs(copies: Path, mutant: Mutant) -> tuple[Vendor, ...]:
    """Return the vendors by the copied specs, of which the mutant's file is changed."""
    (copies / mutant.file).write_text(written(mutant.document()), encoding="utf-8")
    return tuple(
        replace(vendor, catalog=Catalog(copies / vendor.name / "specs")) for vendor in VENDORS
    )


def first_finding(
    vendors: tuple[Vendor, ...], looks: Iterable[Look], world: Path | None = None
) -> str:
    """Return the first thing found wrong with an emulator; each look has one of its own."""
    for look in looks:
        try:
            with emulator_of(vendors, world) as target:
                findings = look(target)
        except Exception as problem:  # whatever stops a test is noticed
            return f"{type(problem).__name__}: {problem}"
        if findings:
            return findings[0]
    return ""


def _looks(mutant: Mutant) -> Iterator[Look]:
    places = [(action, path) for action, path in mutant.met if path]
    for action, path in places:
        yield partial(_at_the_place, action=action, path=path)
    for action, _ in places:
        yield partial(_unknown, action=action)
        yield partial(_everywhere, action=action)
    if mutant.keys[0] == "errors":
        yield partial(_rehearsed, action=mutant.met[0][0], code=str(mutant.keys[1]))
    for action, path in mutant.met:
        if mutant.keys[0] == "errors":
            yield partial(_refused, action=action)
        elif not path:
            yield from _looks_at_the_whole(action)


def _looks_at_the_whole(action: Action) -> Iterator[Look]:
    yield lambda target: _passed(
        test_limits.test_a_second_has_room_for_as_many_calls_as_documented_and_no_more(
            target, _PROFILE, action
        )
    )
    if action.regions:
        yield lambda target: _passed(
            test_address.test_an_action_is_offered_in_each_of_its_regions(target, _PROFILE, action)
        )
        yield lambda target: _passed(
            test_address.test_another_region_is_refused_by_what_is_wrong_with_it(target, action)
        )
    if action.sites:
        yield lambda target: _passed(
            test_address.test_an_action_of_one_site_is_unknown_on_the_other(target, action)
        )
    yield partial(_in_every_form, action=action)
    yield partial(_everywhere, action=action)


def _passed(nothing: None) -> Sequence[str]:
    """A test that came to its end has found nothing; what it finds, it raises."""
    return ()


def _unknown(target: Target, action: Action) -> Sequence[str]:
    if action.name in PINNED:
        test_unknown.test_what_names_nothing_is_refused_for_that_and_not_for_its_shape(
            target, action
        )
    return ()


def _refused(target: Target, action: Action) -> Sequence[str]:
    return refused(target, _PROFILE, Tally(), action, violating(action, 1))


def _rehearsed(target: Target, action: Action, code: str) -> Sequence[str]:
    return [*rehearsed(target, action, forms(action)[0], {code: action.errors[code]})]


def _at_the_place(target: Target, action: Action, path: str) -> Sequence[str]:
    wrong = [case for case in violating(action, _FEW) if _is_near(case, path)]
    right = [case for case in allowed(action, _FEW) if _is_near(case, path)]
    return [
        *refused(target, _PROFILE, Tally(), action, wrong),
        *accepted(target, _PROFILE, Tally(), action, right),
    ]


def _is_near(case: Case, path: str) -> bool:
    return case.path.startswith(path) or not case.path


def _in_every_form(target: Target, action: Action) -> Sequence[str]:
    profile = replace(_PROFILE, is_in_every_form=True)
    assert {form.method for form in forms(action)} == set(action.methods)
    return accepted(target, profile, Tally(), action, allowed(action, 1)[:2])


def _everywhere(target: Target, action: Action) -> Sequence[str]:
    return [
        *refused(target, _PROFILE, Tally(), action, violating(action, _PROFILE.most)),
        *accepted(target, _PROFILE, Tally(), action, allowed(action, _PROFILE.most)),
    ]


_OWNERS = (
    worlds.owners,
    test_accounts.test_what_nobody_has_and_what_another_has_are_refused_with_their_codes,
)
# Causes of errors that need a world of their own.
_LOOKS_AT_CAUSES: Mapping[str, tuple[Callable[[], str], Callable[[Target, Action], None]]] = {
    "account": (
        lambda: worlds.STATES,
        test_accounts.test_an_account_in_each_state_is_refused_with_the_states_code,
    ),
    "unknown": _OWNERS,
    "foreign": _OWNERS,
}
