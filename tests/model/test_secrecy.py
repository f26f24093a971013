"""Secrets hidden in every spelling."""

import base64
from urllib.parse import quote, quote_plus
from xml.sax.saxutils import escape

import pytest

from emulator.model.secrecy import hide

SECRET = 'Sec/ret+Key=99 &<"é'


@pytest.mark.parametrize(
    "spelling",
    [
        SECRET,
        SECRET.upper(),
        quote(SECRET, safe=""),
        quote(SECRET, safe="").lower(),
        quote(SECRET),
        quote_plus(SECRET),
        quote(quote(SECRET, safe=""), safe=""),
        escape(SECRET),
        SECRET.replace('"', '\\"'),
        SECRET.replace('"', '\\"').replace("é", "\\u00e9"),
        repr(SECRET)[1:-1],
        SECRET.encode().decode("latin-1"),
        base64.b64encode(SECRET.encode()).decode().rstrip("="),
    ],
)
def test_a_secret_is_hidden_however_it_is_spelled(spelling: str) -> None:
    assert hide(f"before {spelling} after", (SECRET,)) == "before *** after"


def test_the_longer_of_two_secrets_is_hidden_as_a_whole() -> None:
    assert hide("abc abcdef", ("abc", "abcdef")) == "*** ***"


def test_nothing_is_shown_of_a_text_with_a_very_long_secret() -> None:
    secret = "s3cr3t-" * 100_000

    assert hide(f"before {quote(secret[:90])}", (secret, "x")) == "***"
    assert hide("before x after", (secret, "x")) == "before *** after"


def test_a_text_without_a_secret_stays_as_it_is() -> None:
    assert hide("before after", ("", "secret")) == "before after"


def test_nothing_is_shown_where_there_are_too_many_secrets_to_look_for() -> None:
    many = [f"secret {number}" for number in range(1000)]
    long = [f"{number} {'secret' * 150}" for number in range(20)]

    assert [hide("before after", many), hide("before after", long)] == ["***", "***"]


@pytest.mark.parametrize("secret", ["ΑΣ", "Maße", "s" * 1000, f"{'é' * 47}'\""])
def test_a_secret_is_found_beside_other_letters_and_in_lower_case(secret: str) -> None:
    assert hide(f"a{secret}b {secret.lower()}", (secret,)) == "a***b ***"
