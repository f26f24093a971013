"""What clients are answered here is wrong because rules say so."""

from collections.abc import Callable

import pytest


@pytest.fixture(autouse=True)
def _by_rule(record_property: Callable[[str, object], None]) -> None:
    record_property("by_rule", "yes")
