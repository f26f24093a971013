"""Rules: when a fault strikes."""

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType
from typing import Any

from emulator.model.fault import Fault
from emulator.spec.value import Value


class When(Value):
    """All that is said must hold; what is empty holds always.

    `parameters` are of the call, or of the one that made the task, by dotted paths. `event` is a
    callback's. Of the matches so far, counted from 1, `numbers` names those that are taken, `every`
    takes each n-th, and `probability` takes them by chance, seeded by the rule's name and the
    number of the match.
    `from_seconds` and `until_seconds` count from the moment at which the rule was loaded, on the
    namespace's clock. After `times` hits the rule takes no more; 0 sets no limit.
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


class LoadedRule(Value):
    """A rule that is loaded; only while it `is_on` does it strike."""

    rule: Rule
    loaded_at: datetime
    is_on: bool = True


class Standing(Value):
    """What has come of a rule: how many occasions fitted it, and how often it struck."""

    fitted: int = 0
    hits: int = 0
