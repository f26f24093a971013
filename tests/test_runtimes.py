"""A missing program of another language skips a test, and fails it in CI."""

import pytest
from _pytest.outcomes import Failed, Skipped

from tests.runtimes import runtime


def test_a_program_that_is_installed_is_found() -> None:
    assert runtime("sh").endswith("/sh")


def test_a_missing_program_skips_the_test(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CI", raising=False)

    with pytest.raises(Skipped, match="no-such-program is not installed"):
        runtime("no-such-program")


def test_a_missing_program_is_a_failure_in_ci(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")

    with pytest.raises(Failed, match=r"\.ci/run has to install it"):
        runtime("no-such-program")
