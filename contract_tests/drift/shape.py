"""What a spec and a model have in common: actions, their members, their codes."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Member(NamedTuple):
    """A parameter or a member of an answer; None and "" where a document does not say."""

    kind: str
    width: str = ""
    required: bool | None = None
    members: Mapping[str, "Member"] = {}
    item: "Member | None" = None
    choices: Sequence[object] = ()


class Form(NamedTuple):
    """What goes into one action, and what comes out of it beside the vendor's envelope."""

    parameters: Mapping[str, Member]
    response: Mapping[str, Member]


class Model(NamedTuple):
    """What one package says of the actions asked for; `codes` is empty where it lists none."""

    package: str
    actions: Mapping[str, Form]
    codes: frozenset[str] = frozenset()
