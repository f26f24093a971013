"""The house stands as it was drawn: imports, names, tables and documents fit together."""

import ast
import shutil
import string
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

import emulator
from emulator.engine import authentication, checks
from emulator.model.error import Reason
from emulator.model.vendor import Vendor
from emulator.spec.action import Action, ErrorSpec, Evidence, Message, Parameter
from emulator.vendors import VENDORS

ROOT = Path(emulator.__file__).parent.parent
PACKAGE = ROOT / "emulator"
MODULES = sorted(PACKAGE.rglob("*.py"))
NAMES_OF_NO_CONCEPT = {"utils", "helpers", "common", "base", "core", "manager"}
each_vendor = pytest.mark.parametrize("vendor", VENDORS, ids=lambda vendor: vendor.name)


# Imports.


def lint_imports(folder: Path) -> "subprocess.CompletedProcess[str]":
    linter = shutil.which("lint-imports", path=str(Path(sys.executable).parent))
    assert linter, "import-linter is not installed beside this Python"
    return subprocess.run(
        [linter, "--config=pyproject.toml", "--no-cache", "--no-logo"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """Return a folder with a copy of the package and the project's settings, to break."""
    shutil.copytree(PACKAGE, tmp_path / "emulator", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    return tmp_path


def test_the_import_contracts_hold() -> None:
    ended = lint_imports(ROOT)

    assert ended.returncode == 0, ended.stdout
    assert " 0 broken" in ended.stdout


@pytest.mark.parametrize(
    ("module", "imported", "contract"),
    [
        ("spec/document.py", "emulator.engine.pipeline", "Imports only go down"),
        ("model/http.py", "emulator.world.clock", "Imports only go down"),
        ("engine/checks.py", "emulator.vendors.tencent", "Imports only go down"),
        ("web/gateway.py", "emulator.app", "Imports only go down"),
        ("client/server.py", "emulator.app", "Imports only go down"),
        ("client/server.py", "emulator.engine.pipeline", "The client knows a server from outside"),
        ("vendors/tencent/errors.py", "emulator.vendors.alibaba", "Vendors do not know each other"),
        ("vendors/alibaba/errors.py", "emulator.world.clock", "Vendors are pure"),
    ],
)
def test_an_import_upwards_or_aside_breaks_its_contract(
    copy: Path, module: str, imported: str, contract: str
) -> None:
    path = copy / "emulator" / module
    path.write_text(f"{path.read_text()}\nimport {imported}\n")

    ended = lint_imports(copy)

    broken = [line for line in ended.stdout.splitlines() if " BROKEN" in line]
    assert ended.returncode == 1
    assert [line for line in broken if line.startswith(contract)]
    assert imported in ended.stdout


@pytest.mark.parametrize("place", ["attic.py", "attic/__init__.py"])
def test_a_module_without_a_floor_breaks_the_build(copy: Path, place: str) -> None:
    path = copy / "emulator" / place
    path.parent.mkdir(exist_ok=True)
    path.write_text('"""Nobody has given this a floor."""\n')

    ended = lint_imports(copy)

    assert ended.returncode == 1
    assert "attic" in ended.stdout


# Names.


def test_no_module_is_named_for_want_of_a_concept() -> None:
    names = {part for path in MODULES for part in path.relative_to(PACKAGE).with_suffix("").parts}

    assert not names & NAMES_OF_NO_CONCEPT


def test_every_module_begins_with_a_sentence() -> None:
    bare = [path for path in MODULES if not ast.get_docstring(ast.parse(path.read_text()))]

    assert bare == []


@each_vendor
def test_every_vendor_has_the_same_rooms(vendor: Vendor) -> None:
    folder = PACKAGE / "vendors" / vendor.name

    missing = [
        room
        for room in ("__init__.py", "protocol.py", "signature.py", "errors.py", "actions", "specs")
        if not (folder / room).exists()
    ]

    assert missing == []


# Documents.

# Shared types are from where the action that uses them is.
SPECS = sorted(set(PACKAGE.rglob("specs/**/*.toml")) - set(PACKAGE.rglob("types.toml")))


@pytest.mark.parametrize("path", SPECS, ids=lambda path: str(path.relative_to(PACKAGE / "vendors")))
def test_every_document_says_where_it_is_from(path: Path) -> None:
    content = tomllib.loads(path.read_text())

    assert content["source"]
    assert isinstance(content["read_on"], date)
    assert content["evidence"] in set(Evidence)


@each_vendor
def test_every_spec_decodes_and_every_fact_in_it_has_a_source(vendor: Vendor) -> None:
    for action in vendor.catalog.every():
        facts: list[Parameter | ErrorSpec | Action] = [action, *action.errors.values()]
        facts += inside(action.parameters.values())
        for fact in facts:
            assert fact.provenance.source, (action.name, fact)
            assert fact.provenance.read_on, (action.name, fact)


def inside(parameters: Iterable[Parameter]) -> Iterator[Parameter]:
    for parameter in parameters:
        yield parameter
        yield from inside(parameter.properties.values())
        yield from inside([parameter.items] if parameter.items else [])


@each_vendor
def test_every_spec_has_a_handler_and_every_handler_a_spec(vendor: Vendor) -> None:
    specified = {(action.product, action.name) for action in vendor.catalog.every()}

    handled = {(product, name) for product, table in vendor.handlers.items() for name in table}

    assert handled == specified


# Errors: whatever is raised is declared, and its texts are filled in.


@dataclass(frozen=True)
class Raised:
    """One `ApiError(...)` in the code; `variant` or `facts` None means not to be seen there."""

    where: str
    codes: frozenset[str]
    variant: str | None
    facts: frozenset[str] | None
    actions: frozenset[str]


@cache
def raised_by(vendor_name: str) -> tuple[Raised, ...]:
    vendor = next(vendor for vendor in VENDORS if vendor.name == vendor_name)
    handled: dict[str, set[str]] = {}
    for table in vendor.handlers.values():
        for action, handler in table.items():
            handled.setdefault(handler.__name__, set()).add(action)
    folder = PACKAGE / "vendors" / vendor_name
    return tuple(
        Raised(
            where=f"{path.relative_to(PACKAGE)}:{call.lineno}",
            codes=frozenset(literals(call.args[0])),
            variant=literal(call.args[1]) if len(call.args) > 1 else "",
            facts=facts_of(call),
            actions=frozenset(handled.get(function, ()))
            if "actions" in path.parts
            else frozenset(),
        )
        for path in sorted(folder.rglob("*.py"))
        for function, call in calls_of("ApiError", ast.parse(path.read_text()))
    )


def calls_of(name: str, tree: ast.Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls of a function, each with the name of the function it stands in."""
    for part in ast.walk(tree):
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef):
            for node in ast.walk(part):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == name:
                    yield part.name, node


def literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts that an expression can be: itself, either branch, or what is left by `or`."""
    if isinstance(node, ast.Constant):
        yield str(node.value)
    elif isinstance(node, ast.IfExp):
        yield from (*literals(node.body), *literals(node.orelse))
    elif isinstance(node, ast.BoolOp):
        for value in node.values:
            yield from literals(value)


def literal(node: ast.expr) -> str | None:
    return str(node.value) if isinstance(node, ast.Constant) else None


def facts_of(call: ast.Call) -> frozenset[str] | None:
    names = [keyword.arg for keyword in call.keywords]
    return None if None in names else frozenset(name for name in names if name)


def specs_of(vendor: Vendor, code: str, actions: Iterable[str] = ()) -> list[ErrorSpec]:
    """Return every spec of a code that could be meant, of these actions or else of any."""
    every = [a for a in vendor.catalog.every() if not actions or a.name in actions]
    own = [action.errors[code] for action in every if code in action.errors]
    gateway = vendor.catalog.gateway.errors
    return own + ([gateway[code]] if code in gateway else [])


def wanted(spec: ErrorSpec, variant: str | None) -> set[str]:
    """Return the facts that the texts of an error name; of all its variants, for None."""
    if variant is None:
        messages: list[Message] = [spec.message, *spec.variants.values()]
    else:
        messages = [spec.variants.get(variant, spec.message)]
    texts = [spec.code, *(text for message in messages for text in (message.en, message.zh))]
    fields = (field for text in texts for _, field, _, _ in string.Formatter().parse(text))
    return {field for field in fields if field is not None}


ALWAYS = {"request_id"}


@each_vendor
def test_every_code_that_is_raised_is_declared(vendor: Vendor) -> None:
    undeclared = [
        (raised.where, code)
        for raised in raised_by(vendor.name)
        for code in raised.codes
        if not specs_of(vendor, code, raised.actions)
    ]

    assert raised_by(vendor.name)
    assert undeclared == []


@each_vendor
def test_every_code_in_the_table_of_reasons_is_the_gateways(vendor: Vendor) -> None:
    assert set(vendor.codes.values()) <= set(vendor.catalog.gateway.errors)


@each_vendor
def test_every_reason_that_a_vendors_checks_can_give_has_a_code(vendor: Vendor) -> None:
    steps = {item.name for item in vendor.order if not callable(item)}
    functions = {name for name in dir(checks) if name.removeprefix("_").upper() in steps}
    given = {reason for name, reason, _ in refusals() if name in functions}

    assert given - {reason.name for reason in vendor.codes} == set()


@each_vendor
def test_every_code_that_a_parameter_names_is_declared(vendor: Vendor) -> None:
    undeclared = [
        (action.name, parameter.name, code)
        for action in vendor.catalog.every()
        for parameter in inside(action.parameters.values())
        for code in (*parameter.codes.values(), *action.codes.values())
        if not specs_of(vendor, code, [action.name])
    ]

    assert undeclared == []


@each_vendor
def test_every_text_is_filled_in_where_the_vendor_raises_it(vendor: Vendor) -> None:
    unfilled = [
        (raised.where, code, fact)
        for raised in raised_by(vendor.name)
        if raised.facts is not None
        for code in raised.codes
        for spec in specs_of(vendor, code, raised.actions)
        for fact in wanted(spec, raised.variant) - raised.facts - ALWAYS
    ]

    assert unfilled == []


@each_vendor
def test_every_text_is_filled_in_where_a_parameter_names_its_code(vendor: Vendor) -> None:
    """Such codes go through the vendor's `blame`, with the facts that it gives."""
    blamed = [
        r.facts for r in raised_by(vendor.name) if r.where.split(":")[0].endswith("errors.py")
    ]
    given = frozenset.intersection(*(facts for facts in blamed if facts)) if blamed else frozenset()

    unfilled = [
        (action.name, code, fact)
        for action in vendor.catalog.every()
        for parameter in inside(action.parameters.values())
        for code in (*parameter.codes.values(), *action.codes.values())
        for spec in specs_of(vendor, code, [action.name])
        for fact in wanted(spec, "value") - given - {"path"} - ALWAYS
    ]

    assert unfilled == []


def refusals() -> Iterator[tuple[str, str, frozenset[str]]]:
    """Yield what the engine refuses: in which function, for which reason, with which facts."""
    for module in (authentication, checks):
        yield from refusals_of(module)


def refusals_of(module: ModuleType) -> Iterator[tuple[str, str, frozenset[str]]]:
    tree = ast.parse(Path(str(module.__file__)).read_text())
    for name in ("refused", "ApiError"):
        for function, call in calls_of(name, tree):
            reasons = {
                node.attr
                for argument in call.args
                for node in ast.walk(argument)
                if isinstance(node, ast.Attribute) and node.attr in Reason.__members__
            }
            for reason in reasons:
                yield function, reason, facts_of(call) or frozenset()


@each_vendor
def test_every_text_is_filled_in_where_the_engine_raises_it(vendor: Vendor) -> None:
    unfilled = [
        (function, reason, fact)
        for function, reason, facts in refusals()
        if Reason[reason] in vendor.codes
        for spec in specs_of(vendor, vendor.codes[Reason[reason]])
        for fact in wanted(spec, None if reason == "SIGNATURE_WRONG" else reason.lower())
        - facts
        - ALWAYS
    ]

    assert list(refusals())
    assert unfilled == []


@each_vendor
def test_texts_about_an_account_or_a_resource_ask_for_what_is_known_of_it(vendor: Vendor) -> None:
    unfilled = [
        (action.name, error.code, fact)
        for action in vendor.catalog.every()
        for error in action.errors.values()
        for fact in wanted(error, "value")
        - ({"path", "value"} if error.unknown or error.foreign else set())
        - ALWAYS
        if error.account or error.unknown or error.foreign
    ]

    assert unfilled == []
