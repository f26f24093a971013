from pathlib import Path

import pytest

from emulator.spec.document import DocumentError, Table, read


def test_an_unknown_key_is_refused_with_its_path_and_the_nearest_known_name() -> None:
    table = Table("world.toml", {"accounts": {"staet": "arrears"}})
    accounts = table.table("accounts")
    accounts.take("state", str, "")

    with pytest.raises(DocumentError) as refusal:
        accounts.close()

    expected = "world.toml: accounts: unknown key 'staet', did you mean 'state'?"
    assert str(refusal.value) == expected


def test_an_unknown_key_like_no_other_is_refused_with_all_known_names() -> None:
    table = Table("f.toml", {"zzz": 1})
    table.take("host", str, "")
    table.take("port", int, 0)

    with pytest.raises(DocumentError, match="unknown key 'zzz'; known: host, port"):
        table.close()


def test_a_missing_key_is_named() -> None:
    with pytest.raises(DocumentError, match=r"f\.toml: missing key 'title'"):
        Table("f.toml", {}).take("title", str)


@pytest.mark.parametrize(
    ("value", "kind", "complaint"),
    [
        ("7", int, "'n' must be int, not str"),
        (7, str, "'n' must be str, not int"),
        (True, int, "'n' must be int, not bool"),
        ([], dict, "'n' must be dict, not list"),
    ],
)
def test_a_value_of_another_kind_is_refused(value: object, kind: type, complaint: str) -> None:
    with pytest.raises(DocumentError, match=complaint):
        Table("f.toml", {"n": value}).take("n", kind)


def test_a_word_that_is_not_allowed_is_refused_with_those_that_are() -> None:
    with pytest.raises(DocumentError, match="'auth' must be one of on, off, not 'maybe'"):
        Table("f.toml", {"auth": "maybe"}).one_of("auth", ("on", "off"))


def test_a_list_of_texts_holds_texts_only() -> None:
    with pytest.raises(DocumentError, match="'names' must be a list of strings"):
        Table("f.toml", {"names": ["a", 1]}).texts("names")


def test_an_array_of_tables_holds_tables_only() -> None:
    with pytest.raises(DocumentError, match="'accounts' must be an array of tables"):
        list(Table("f.toml", {"accounts": [1]}).tables("accounts"))


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"a = ", ":1: is not TOML"),
        (b"a = '\xff'", "is not UTF-8 text"),
        (None, "cannot be read: No such file or directory"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_by_name(
    tmp_path: Path, content: bytes | None, complaint: str
) -> None:
    path = tmp_path / "f.toml"
    if content is not None:
        path.write_bytes(content)

    with pytest.raises(DocumentError, match=complaint) as refusal:
        read(path)

    assert str(refusal.value).startswith(f"{path}:")


def test_a_moment_without_a_time_zone_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "f.toml"
    path.write_text("expires_at = 2030-01-01T00:00:00")

    with pytest.raises(DocumentError, match="'expires_at' must be like 2030-01-01T00:00:00Z"):
        read(path).moment("expires_at")


def test_a_byte_order_mark_at_the_beginning_of_a_file_is_no_part_of_it(tmp_path: Path) -> None:
    path = tmp_path / "marked.toml"
    path.write_bytes(b"\xef\xbb\xbfseed = 1")

    assert read(path).content == {"seed": 1}
