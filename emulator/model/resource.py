"""Resources: what calls make, change and delete, such as templates and rules."""

from collections.abc import Mapping
from dataclasses import dataclass
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
