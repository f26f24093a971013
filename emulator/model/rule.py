"""Rules: when a fault strikes."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from emulator.model.fault import Fault
from emulator.spec.value import Value


class When(Value):
    """All that is said must hold; what is empty holds always.

    `parameters` are of the call, or of the one that made the task, by dotted paths. `event` is a
    callback's. Of what fits so far, the `numbers` count from 1, `every` takes each so-manieth, and
    `probability` throws dice, seeded by the rule's name. `from_seconds` and `until_seconds` count
    from the moment at which the rule was loaded, on the namespace's clock. After `times` hits it is
    over; 0 is never.
    """

    vendor: str = ""
    product: str = ""
    action: str = ""
    region: str = ""
    parameters: Mapping[str, Any] = MappingProxyType({})
    event: str = ""
    numbers: tuple[int, ...] = ()
    every: int = 0
    probability: float = 1
    from_seconds: float = 0
    until_seconds: float | None = None
    times: int = 0


class Rule(Value):
    name: str
    fault: Fault
    when: When = When()
