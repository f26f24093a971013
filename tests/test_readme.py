"""What the documents print is run, so that it stays true."""

import os
import re
import subprocess
import sys
from pathlib import Path

from emulator.app import vocabulary
from emulator.spec.document import read
from emulator.vendors import VENDORS
from emulator.world.worldfile import decode_world
from tests.server import Running

ROOT = Path(__file__).parent.parent


def block(document: str, language: str) -> str:
    """Return the first fenced block of a language."""
    match = re.search(rf"```{language}\n(.*?)```", (ROOT / document).read_text(), re.DOTALL)
    assert match, f"{document} has no {language} block"
    return match[1]


def test_the_readmes_first_program_prints_what_the_readme_says(server: Running) -> None:
    program = block("README.md", "python").replace("127.0.0.1:4588", server.endpoint)
    clean = {name: value for name, value in os.environ.items() if "proxy" not in name.lower()}

    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, env=clean, check=True
    )

    task_id, refusal = run.stdout.splitlines()
    printed_id, printed_refusal = block("README.md", "text").splitlines()
    assert re.sub("[0-9a-f]", "x", task_id) == re.sub("[0-9a-f]", "x", printed_id)
    assert refusal == printed_refusal


def test_every_make_target_the_readme_names_exists() -> None:
    named = set(re.findall(r"make ([a-z]+)", (ROOT / "README.md").read_text()))

    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))

    assert named <= targets


def test_every_document_the_readme_links_to_exists() -> None:
    linked = re.findall(r"\]\(([^)#:]+)\)", (ROOT / "README.md").read_text())

    assert [path for path in linked if not (ROOT / path).exists()] == []


def test_the_readme_lists_every_action_there_is() -> None:
    readme = (ROOT / "README.md").read_text()

    names = {name for vendor in VENDORS for name in vendor.catalog.names}

    assert [name for name in names if f"`{name}`" not in readme] == []


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
