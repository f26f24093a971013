"""How the server is, and why a request was not carried out."""

from collections.abc import Mapping, Sequence
from typing import Literal

from emulator.spec.jsontext import Shape


class Problem(Shape):
    """Why a request was not carried out, and what was expected (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str


class Empty(Shape):
    """An object that says nothing."""


class Health(Shape, omit_defaults=True):
    """How the server is; `vendors` lists the products of each.

    Only who may ask the administration is told the `seed`, from which ids can be computed, and the
    names of the `namespaces`.
    """

    status: Literal["ok"]
    version: str
    auth: Literal["on", "off"]
    vendors: Mapping[str, Sequence[str]]
    seed: int | None = None
    namespaces: Sequence[str] | None = None
