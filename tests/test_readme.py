"""What the documents name exists. What they print is run by tests/docs/."""

import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from emulator import cli
from emulator.app import vocabulary
from emulator.spec.document import read
from emulator.vendors import VENDORS
from emulator.world.worldfile import decode_world

ROOT = Path(__file__).parent.parent


def block(document: str, language: str, number: int = 0) -> str:
    """Return a fenced block of a language, the first being number 0."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    assert len(blocks) > number, f"{document} has {len(blocks)} {language} blocks"
    return str(blocks[number])


def test_the_readme_says_how_to_install_before_anything_else() -> None:
    readme = (ROOT / "README.md").read_text()

    first, second, *_ = re.findall(r"^```console\n(.*?)^```", readme, re.MULTILINE | re.DOTALL)

    before_serving = readme.partition("$ emulator serve")[0]
    assert first.startswith("$ pip install .")
    assert second.startswith("$ emulator serve\n")
    for way in (
        "pip install .",
        "pipx install .",
        "uv tool install .",
        "uv add --dev",
        "docker build",
    ):
        assert way in before_serving
    assert "wheel" in before_serving


def test_the_readmes_first_test_is_of_five_lines() -> None:
    assert len(block("README.md", "python", 1).splitlines()) <= 5


def test_the_readmes_scenario_and_its_test_are_of_ten_lines() -> None:
    scenario, test = block("README.md", "toml"), block("README.md", "python", 2)

    assert len(f"{scenario}{test}".splitlines()) <= 10


def test_the_readmes_test_of_a_scenario_fails_without_its_question(tmp_path: Path) -> None:
    test = block("README.md", "python", 2)
    asking = re.compile(r"    asked = .*\n    assert tiw_client.*\n")
    assert len(asking.findall(test)) == 1
    (tmp_path / "lost.toml").write_text(block("README.md", "toml"))
    (tmp_path / "test_lost.py").write_text(asking.sub("", test))

    said = _pytest(tmp_path)

    assert "1 failed" in said, said
    assert "never-asked (error): tencent task" in said


# pytest-asyncio warns until its users have set an option of its own.
WITHOUT_OTHERS = ("-pno:asyncio", "-pno:cacheprovider")


def _pytest(folder: Path, *flags: str) -> str:
    """Return what pytest says of the tests in a folder that has nothing else."""
    command = [sys.executable, "-m", "pytest", "-q", *(flags or WITHOUT_OTHERS), "-W", "error"]
    run = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, check=False, timeout=60
    )
    return run.stdout


def test_the_readmes_first_test_is_that_of_the_guide() -> None:
    assert block("README.md", "python", 1) == block("docs/testing.md", "python")


@pytest.mark.parametrize("mark", ["asyncio", "anyio"])
def test_the_guides_asynchronous_test_passes_as_printed(mark: str, tmp_path: Path) -> None:
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs/testing.md").read_text(), re.DOTALL)
    (test,) = (block for block in blocks if "async def test_" in block)
    printed = "@pytest.mark.asyncio  # or pytest.mark.anyio\n"
    assert printed in test
    backend = "\n\n@pytest.fixture\ndef anyio_backend():\n    return 'asyncio'\n"
    if mark == "anyio":
        test = test.replace(printed, "@pytest.mark.anyio\n") + backend
    (tmp_path / "test_told.py").write_text(test)

    flags = ["-pno:cacheprovider", "-oasyncio_default_fixture_loop_scope=function"]
    said = _pytest(tmp_path, *(flags if mark == "asyncio" else ()))

    assert "1 passed" in said, said


def test_the_documents_for_ci_are_yaml_that_sets_an_admin_token() -> None:
    yaml = pytest.importorskip("yaml")

    workflow, compose = (yaml.safe_load(block("docs/ci.md", "yaml", n)) for n in (0, 1))

    job = workflow["jobs"]["test"]
    service = job["services"]["emulator"]
    assert service["env"]["EMULATOR_ADMIN_TOKEN"] == job["env"]["EMULATOR_ADMIN_TOKEN"]
    assert job["env"]["EMULATOR_URL"].endswith(service["ports"][0].partition(":")[0])
    theirs, ours = (compose["services"][name]["environment"] for name in ("app", "emulator"))
    assert theirs["EMULATOR_URL"] == f"http://{ours['EMULATOR_ADMIN_HOST']}:4588"
    assert {"EMULATOR_ADMIN_TOKEN"} <= set(theirs) & set(ours)


DOCUMENTS = ("README.md", *(f"docs/{name}.md" for name in ("admin", "ci", "sdks", "testing")))


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_variable_a_document_names_is_read_by_something(document: str) -> None:
    text = (ROOT / document).read_text()
    options = [option for command in cli.main.commands.values() for option in command.params]

    # The last is for a command's own code.
    read = {str(option.envvar) for option in options} | PLUGIN_READS | {"EMULATOR_ENDPOINT"}
    named = set(re.findall(r"EMULATOR_[A-Z_]+[A-Z]", text))

    assert named <= read


@pytest.mark.parametrize("document", DOCUMENTS)
def test_every_flag_a_document_names_exists(document: str) -> None:
    text = (ROOT / document).read_text()
    options = [option for command in cli.main.commands.values() for option in command.params]

    ours = {flag for option in options for flag in option.opts}
    named = set(re.findall(r"(?<=[ `])--[a-z][a-z-]+", text))

    assert named <= ours | PLUGIN_FLAGS | OTHERS_FLAGS


PLUGIN_SOURCE = (ROOT / "emulator" / "pytest_plugin.py").read_text()
PLUGIN_READS = set(re.findall(r"\"(EMULATOR_[A-Z_]+)\"", PLUGIN_SOURCE))
PLUGIN_FLAGS = set(re.findall(r"--emulator-[a-z-]+", PLUGIN_SOURCE))
# click's own, docker's, tccli's and aliyun's
OTHERS_FLAGS = {
    "--help",
    "--add-host",
    "--endpoint",
    "--insecure",
    "--force",
    "--version",
    "--style",
    "--no-deps",
    "--dev",
    "--region",
}


def test_every_make_target_the_readme_names_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text()))

    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert named <= targets


def test_every_document_the_readme_links_to_exists() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text())

    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_readme_says_how_many_actions_each_product_has() -> None:
    readme = (ROOT / "README.md").read_text()

    products = Counter(each.product for vendor in VENDORS for each in vendor.catalog.every())

    found = re.findall(r"^\| .* (TIW|Live|ICE|RTC), (\d+) \|", readme, re.MULTILINE)
    assert {name.lower(): int(count) for name, count in found} == products


def test_every_action_is_named_in_the_documents() -> None:
    page = (ROOT / "docs/coverage.md").read_text()

    names = {name for vendor in VENDORS for name in vendor.catalog.names}

    assert [name for name in names if f"{name}" not in page] == []


def test_the_world_file_of_the_documents_can_be_read(tmp_path: Path) -> None:
    path = tmp_path / "world.toml"
    path.write_text(block("docs/world.md", "toml"))

    world = decode_world(read(path), vocabulary())

    assert [account.id for account in world.accounts] == [
        "100000000001",
        "alibaba-test",
        "volcengine-test",
    ]
    assert world.refuses_unknown
