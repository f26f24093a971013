"""The Node client's own tests, run with node:test; and its types."""

from pathlib import Path

import pytest

from emulator.client import Server
from tests.node import shapes
from tests.node.running import run_node
from tests.runtimes import NODE_CLIENT

TESTS = sorted(path.name for path in (NODE_CLIENT / "test").glob("*.test.js"))
# These start servers of their own; all others use the one of the session.
ALONE = ("launch.test.js",)


@pytest.mark.parametrize("name", TESTS)
def test_the_node_clients_tests_pass(name: str, emulator_server: Server) -> None:
    variables = {} if name in ALONE else {"EMULATOR_URL": emulator_server.url}

    run = run_node("--test", "--test-reporter=spec", f"test/{name}", **variables)

    assert run.returncode == 0, f"{run.stdout}\n{run.stderr}"


def test_the_node_client_has_tests_of_all_its_modules() -> None:
    assert len(TESTS) >= 7


def test_the_types_of_the_administration_are_those_of_its_openapi_document() -> None:
    assert shapes.PATH.read_text("utf-8") == shapes.typescript(), "run `make types`"


def test_the_node_clients_source_is_as_its_types_say() -> None:
    checked = run_node("node_modules/typescript/bin/tsc", "--project", "tsconfig.json", "--noEmit")

    assert (checked.returncode, checked.stdout) == (0, "")


def test_a_program_in_typescript_is_checked_by_the_declarations() -> None:
    flags = "--noEmit --strict --target es2022 --module nodenext --types node".split()
    compiler = "node_modules/typescript/bin/tsc"

    checked = run_node(compiler, *flags, "test/types/consumer.ts")

    assert (checked.returncode, checked.stdout) == (0, "")


def test_the_declarations_are_those_made_from_the_source(tmp_path: Path) -> None:
    compiler = "node_modules/typescript/bin/tsc"
    run_node(compiler, "--project", "tsconfig.types.json", "--outDir", str(tmp_path))

    made = {path.name: path.read_text("utf-8") for path in tmp_path.glob("*.d.ts")}
    kept = {path.name: path.read_text("utf-8") for path in (NODE_CLIENT / "types").glob("*.d.ts")}

    assert made | {shapes.PATH.name: shapes.typescript()} == kept, "run `make types`"
