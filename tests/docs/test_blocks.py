"""Every block of every document is run as printed, or is in the table of those only parsed."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from emulator import launch
from emulator.client import Server
from tests.docs.blocks import ROOT, Block, blocks, documents
from tests.docs.contexts import CONTEXTS, ONLY_PARSED, PRODUCED
from tests.docs.likeness import absent, differences
from tests.docs.running import RUNNERS, check_shell, run, run_tests

BLOCKS = [block for document in documents() for block in blocks(document)]
RUN = [
    block
    for block in BLOCKS
    if block.language != "text" and (block.document, block.first_line) not in ONLY_PARSED
]


@pytest.fixture(scope="module")
def served() -> Iterator[Server]:
    """A server that the blocks have for themselves, as some call the default namespace."""
    with launch.running() as server:
        yield server


@pytest.mark.parametrize("block", RUN, ids=str)
def test_a_block_does_what_its_document_says(block: Block, served: Server, tmp_path: Path) -> None:
    assert block.language in RUNNERS, f"{block}: nobody runs {block.language!r}"

    try:
        wrong = run(block, served, tmp_path)
    finally:
        served.default.reset()

    assert wrong == [], f"{block}: {wrong[0]}"


@pytest.mark.parametrize("key", PRODUCED, ids=lambda key: f"{key[0]}:{key[1][:40]}")
def test_a_test_prints_what_its_document_says(
    key: tuple[str, str], served: Server, tmp_path: Path
) -> None:
    (block,) = (each for each in BLOCKS if (each.document, each.first_line) == key)
    (tmp_path / "test_printed.py").write_text(PRODUCED[key], encoding="utf-8")

    ended = run_tests(tmp_path, served)

    assert absent(block.text, ended.stdout) == [], ended.stdout


def test_what_is_printed_apart_from_its_program_has_one_that_prints_it() -> None:
    alone = [(each.document, each.first_line) for each in BLOCKS if each.language == "text"]

    assert [key for key in alone if key not in PRODUCED and key not in OTHERWISE] == []


# Texts that other tests compare: the report in Node.js is that of tests/node/test_report.py.
OTHERWISE = {("clients/node/README.md", "the wrong task called back")}


def test_blocks_that_are_only_parsed_have_commands_that_a_shell_understands() -> None:
    parsed = [each for each in BLOCKS if (each.document, each.first_line) in ONLY_PARSED]

    for block in parsed:
        assert check_shell(block) == "", block


def test_no_table_names_a_block_that_is_gone() -> None:
    there = {(each.document, each.first_line) for each in BLOCKS}

    assert {*CONTEXTS, *PRODUCED, *ONLY_PARSED, *OTHERWISE} - there == set()


def test_each_block_that_is_only_parsed_has_a_reason() -> None:
    assert all(ONLY_PARSED.values())


def test_the_page_of_sdks_says_which_languages_are_run_and_which_are_parsed() -> None:
    page = (ROOT / "docs" / "sdks.md").read_text("utf-8")
    table = page[: page.index("\n## ")]

    (run_row,) = re.findall(r"^\| (.*) \| run it", table, re.MULTILINE)
    (parsed_row,) = re.findall(r"^\| (.*) \| parse it", table, re.MULTILINE)

    names = {"python": "Python", "js": "Node.js", "go": "Go", "java": "Java", "php": "PHP"}
    names |= {"ruby": "Ruby", "cpp": "C++"}
    languages = {each.language for each in blocks("docs/sdks.md")} - {"text"}
    assert {names[language] for language in languages} == {
        *re.findall(r"\[([^\]]+)\]", run_row),
        *re.findall(r"\[([^\]]+)\]", parsed_row),
    }


@pytest.mark.parametrize(
    ("printed", "said"),
    [
        ("cd613e30-d8f1-4adf-91b7-584a2265b1f5", "00000000-d8f1-4adf-91b7-584a2265b1f5"),
        ("answered {…}", 'answered {"a": 1}'),
        ("the clock is held at 09:22:17", "the clock is held at 23:59:59"),
        ("at once (2.4 ms)", "at once (12 ms)"),
        ("http://127.0.0.1:4588/a", "http://127.0.0.1:5/a"),
    ],
)
def test_ids_moments_and_ports_may_differ(printed: str, said: str) -> None:
    assert differences(printed, said) == []


@pytest.mark.parametrize(
    ("printed", "said"),
    [("Finished", "Failed"), ("a\nb", "a"), ("a", "a\nb"), ("code 400", "code 401")],
)
def test_anything_else_may_not(printed: str, said: str) -> None:
    assert differences(printed, said)


def test_lines_within_others_are_found_in_their_order() -> None:
    said = "first\nE   the second\nthird"

    assert absent("first\nsecond", said) == []
    assert absent("second\nfirst", said) == ["first"]
