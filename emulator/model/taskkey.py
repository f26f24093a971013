"""The name of a task, for what tells of it or comes from it."""

from typing import NamedTuple


class TaskKey(NamedTuple):
    kind: str
    account_id: str
    id: str
