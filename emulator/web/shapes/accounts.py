"""Accounts and their keys."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal

from emulator.spec.jsontext import Shape
from emulator.web.shapes.clock import Moment

Site = Literal["intl", "mainland"]
AccountState = Literal["active", "not_registered", "arrears", "blocked", "frozen", "switched_off"]


class KeyAsked(Shape):
    """An access key; only one with a session token may expire."""

    id: str
    secret: str
    enabled: bool = True
    session_token: str = ""
    expires_at: Moment | None = None


class AccountAsked(Shape):
    """An account as `[[accounts]]` of `world.toml` declares it."""

    vendor: str
    id: str | None = None
    site: Site = "intl"
    state: AccountState = "active"
    states: Mapping[str, AccountState] = {}
    resources: Mapping[str, Sequence[str | int]] = {}
    keys: Sequence[KeyAsked] = ()
    callbacks: Sequence[Mapping[str, Any]] = ()


class AccountsAsked(Shape):
    """The accounts to add, or to put with their keys in the place of those of their names."""

    accounts: Sequence[AccountAsked]


class AccountKey(Shape):
    id: str
    enabled: bool
    expires_at: Moment | None


class AccountShown(Shape):
    """An account; `states` are by product, "*" for all others."""

    vendor: str
    id: str
    site: str
    states: Mapping[str, str]
    resources: Mapping[str, Sequence[str]]
    keys: Sequence[AccountKey]


class Accounts(Shape):
    accounts: Sequence[AccountShown]
