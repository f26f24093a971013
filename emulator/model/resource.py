"""Resources: what calls make, change and delete, such as templates and rules."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple


class ResourceKey(NamedTuple):
    kind: str
    account_id: str
    id: str


@dataclass(frozen=True, slots=True)
class Resource:
    """A configured thing. `id` is unique among resources of its `kind` and account."""

    kind: str
    account_id: str
    id: str
    created_at: datetime
    modified_at: datetime
    values: Mapping[str, Any]

    @property
    def key(self) -> ResourceKey:
        return ResourceKey(self.kind, self.account_id, self.id)


def first(kind: str, account_id: str, now: datetime) -> Resource:
    """Return what stays of an account's first resource of a kind: that it has made one."""
    key = first_key(kind, account_id)
    return Resource(key.kind, account_id, key.id, now, now, {})


def first_key(kind: str, account_id: str) -> ResourceKey:
    return ResourceKey(f"{kind}.first", account_id, "")


@dataclass(frozen=True, slots=True)
class Declarable:
    """A setting that a world file may declare, in the place of calls of `actions`.

    It may say what these take, and must say what they need and `defaults` do not have. `number`
    names the parameter that an answer would have given, `region` one that a call's address says.
    `make` returns the resources that the calls would make.
    """

    product: str
    version: str
    actions: tuple[str, ...]
    make: Callable[[Mapping[str, Any], str, datetime], tuple[Resource, ...]]
    defaults: Mapping[str, Any] = field(default_factory=dict)
    number: str = ""
    region: str = ""
