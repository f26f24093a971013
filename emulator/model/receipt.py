"""What the built-in receiver of callbacks was sent."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receipt:
    """One request to the sink, by the path under it."""

    path: str
    headers: Mapping[str, str]
    body: str
