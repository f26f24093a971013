"""The signature vectors of callbacks, for each vendor's own function."""

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from emulator.vendors.alibaba import callback as alibaba
from emulator.vendors.tencent import callback as tencent
from emulator.vendors.volcengine import callback as volcengine

FIXTURES = Path(__file__).parents[2] / "fixtures"
Vector = Mapping[str, Any]
SIGNED: Mapping[str, Callable[[Vector], str]] = {
    "tencent/callback/tiw": lambda v: tencent.sign(v["key"], v["expires_at"]),
    "tencent/callback/live": lambda v: tencent.sign(v["key"], v["expires_at"]),
    "alibaba/callback/ice": lambda v: alibaba.sign(v["url"], v["timestamp"], v["key"]),
    "volcengine/callback/rtc": lambda v: volcengine.sign(v["envelope"], v["secret"]),
}


def vectors() -> list[Any]:
    """Return name of the fixture and vector, for every vector."""
    return [
        pytest.param(name, vector, id=f"{name}-{vector['name']}")
        for name in SIGNED
        for vector in tomllib.loads((FIXTURES / f"{name}.toml").read_text())["vector"]
    ]


def test_every_fixture_of_a_callback_is_tested() -> None:
    found = {
        str(path.relative_to(FIXTURES).with_suffix(""))
        for path in FIXTURES.glob("*/callback/*.toml")
    }

    assert found == set(SIGNED)


@pytest.mark.parametrize(("name", "vector"), vectors())
def test_a_callback_is_signed_as_its_vector_says(name: str, vector: Vector) -> None:
    assert SIGNED[name](vector) == vector["signature"]
