"""Values: what every call makes several of, and nothing changes."""

from typing import Any, Self, dataclass_transform

import msgspec


@dataclass_transform(frozen_default=True)
class Value(msgspec.Struct, frozen=True):
    """Named fields, equal by them; made in a third of the time that a named tuple takes."""

    def but(self, **changes: Any) -> Self:
        """Return the value with other values in these fields."""
        return msgspec.structs.replace(self, **changes)

    def members(self) -> dict[str, Any]:
        """Return the fields by their names."""
        return msgspec.structs.asdict(self)
