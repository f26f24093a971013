"""A plugin that writes down what the tests really did, or checks that they still do it.

`pytest -p tests.evidence --evidence=write` writes `emulator/coverage/evidence.toml`, without what
tests did that failed, and `--evidence=check` fails a run that did not do all that the file says.
Both mean the whole suite.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import pytest

from emulator.coverage.evidence import PATH, Evidence, read_evidence
from emulator.vendors import VENDORS
from tests.sighting import WITNESS, Sighting

# What a test says of itself with `record_property`: that it compared an action's spec with a
# package, that it replayed a recorded answer, or that its failures come from rules.
COMPARED, REPLAYED, BY_RULE = "compared", "replayed", "by_rule"
_SIGHTINGS = "sightings"
# Only here are clients what they say they are; elsewhere, requests that they once made are sent.
_CLIENT_TESTS = "tests/sdk/"
_AXES = ("clients", "models", "by_rule", "recorded")
_HEAD = """# What the tests did, as the last `make evidence` saw it; not to be edited.
"""


class Claim(NamedTuple):
    """One thing that was done: on which axis, to what, which, and by which file of tests."""

    axis: str
    key: str
    value: str
    file: str = ""


class Ledger:
    """Collects the claims of all tests that pass, and keeps them at the end."""

    def __init__(self, is_to_write: bool) -> None:
        self._is_to_write = is_to_write
        self._claims: set[Claim] = set()
        self._codes = _codes()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        WITNESS.seen.clear()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_makereport(self, item: pytest.Item, call: "pytest.CallInfo[None]") -> None:
        # What chance found today, it may not find tomorrow.
        is_by_chance = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
        if call.when == "call" and not (is_by_chance and self._is_to_write):
            item.user_properties.append((_SIGHTINGS, json.dumps(sorted(set(WITNESS.seen)))))

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "call" and report.passed:
            self._claims |= set(self._of_report(report))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        is_whole = exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED)
        if hasattr(session.config, "workerinput"):
            return
        if self._is_to_write and is_whole:
            PATH.write_text(self.text(), encoding="utf-8")
        elif exitstatus == pytest.ExitCode.OK and (missing := self.missing(read_evidence())):
            lines = "\n".join(" ".join(claim) for claim in missing)
            raise pytest.UsageError(f"no test did this; `make evidence` writes what is:\n{lines}")

    def missing(self, evidence: Evidence) -> list[Claim]:
        """Return what the file says was done, and was not."""
        return sorted({*_claims(evidence)} - self._claims)

    def text(self) -> str:
        """Return the file that says what was done."""
        return _text(self._claims)

    def _of_report(self, report: pytest.TestReport) -> Iterator[Claim]:
        properties = [(name, str(value)) for name, value in report.user_properties]
        said = dict(properties)
        for name, value in properties:
            if name == COMPARED:
                key, package, version = value.split()
                yield Claim("models", key, package)
                yield Claim("packages", package, version)
            elif name == REPLAYED:
                key, _, title = value.partition(" ")
                yield Claim("recorded", key, title)
        for seen in json.loads(said.get(_SIGHTINGS, "[]")):
            sighting = Sighting(*seen)
            if not report.nodeid.startswith(_CLIENT_TESTS):
                sighting = sighting._replace(client="")
            yield from self._of_sighting(sighting)
            for key, code in self._answered(sighting):
                if BY_RULE in said:
                    yield Claim("by_rule", key, code)
                else:
                    yield Claim("by_cause", key, code, report.nodeid.partition("::")[0])

    def _of_sighting(self, seen: Sighting) -> Iterator[Claim]:
        key, _ = self._of_action(seen)
        if key:
            yield Claim("refused" if seen.code else "accepted", key, "")
        if key and seen.client and not seen.code:
            yield Claim("clients", key, seen.client)

    def _answered(self, seen: Sighting) -> Iterator[tuple[str, str]]:
        """Yield the action, and the gateway, that document the code that was answered."""
        key, codes = self._of_action(seen)
        if seen.code in codes:
            yield key, seen.code
        if seen.code and (code := _gateways(seen)):
            yield seen.vendor, code

    def _of_action(self, seen: Sighting) -> tuple[str, frozenset[str]]:
        return self._codes.get((seen.version, seen.action), ("", frozenset()))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--evidence", choices=("write", "check"), help="write or check the evidence")


def pytest_configure(config: pytest.Config) -> None:
    if chosen := config.getoption("--evidence"):
        WITNESS.is_watching = True
        config.pluginmanager.register(Ledger(chosen == "write"), "evidence ledger")


def _codes() -> Mapping[tuple[str, str], tuple[str, frozenset[str]]]:
    """Return the key and the documented codes of each action, by version and name."""
    return {
        (action.version, action.name): (
            f"{vendor.name}/{action.product}/{action.version}/{action.name}",
            frozenset(error.code for error in action.errors.values()),
        )
        for vendor in VENDORS
        for action in vendor.catalog.every()
    }


def _gateways(seen: Sighting) -> str:
    """Return the answered code as the gateway's spec writes it, such as `Missing{name}`, or ""."""
    vendor = next(vendor for vendor in VENDORS if vendor.name == seen.vendor)
    codes = vendor.catalog.gateway.errors
    if seen.code in codes:
        return seen.code
    shapes = {code: re.sub(r"\\\{\w+\\\}", ".+", re.escape(code)) for code in codes}
    return next((code for code, shape in shapes.items() if re.fullmatch(shape, seen.code)), "")


def _claims(evidence: Evidence) -> Iterator[Claim]:
    """Yield what the file says was done."""
    for key, trial in (*evidence.trials.items(), *evidence.gateways.items()):
        yield from (
            Claim(axis, key, "") for axis in ("accepted", "refused") if getattr(trial, axis)
        )
        yield from (Claim(axis, key, value) for axis in _AXES for value in getattr(trial, axis))
        yield from (Claim("by_cause", key, code, file) for code, file in trial.by_cause.items())
    for package, version in evidence.packages.items():
        yield Claim("packages", package, version)


def _text(claims: Iterable[Claim]) -> str:
    """Return the file that says what the claims do."""
    values: dict[tuple[str, str], dict[str, str]] = {}
    for axis, key, value, file in sorted(claims):
        values.setdefault((axis, key), {}).setdefault(value, file)
    lines = [_HEAD, "[packages]"]
    lines += [
        f"{key} = {_toml(*value)}" for (axis, key), value in values.items() if axis == "packages"
    ]
    for key in sorted({key for axis, key in values if axis != "packages"}):
        title = f'actions."{key}"' if "/" in key else f"gateways.{key}"
        lines += ["", f"[{title}]"]
        lines += [f"{axis} = true" for axis in ("accepted", "refused") if (axis, key) in values]
        lines += [
            f"{axis} = {_toml([*values[axis, key]])}" for axis in _AXES if (axis, key) in values
        ]
        if causes := values.get(("by_cause", key)):
            lines += ["", f"[{title}.by_cause]", *_by_file(causes)]
    return "\n".join(lines) + "\n"


def _by_file(causes: Mapping[str, str]) -> Iterator[str]:
    for file in sorted({*causes.values()}):
        yield f"{_toml(file)} = {_toml([code for code in causes if causes[code] == file])}"


def _toml(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
