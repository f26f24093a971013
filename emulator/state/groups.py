"""Groups: the rows of a table by what they have in common."""

from collections.abc import Hashable, Mapping
from typing import TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Groups(dict[Hashable, dict[K, V]]):
    """The rows of each group, in the order of the table; a row whose group is None is in none."""

    def join(self, key: K, name: Hashable, row: V) -> None:
        """Put a row into a group; it is the newest of its table."""
        if name is None:
            return
        members = self.get(name)
        if members is None:
            self[name] = {key: row}
        else:
            members[key] = row

    def move(self, key: K, before: Hashable, after: Hashable, row: V, rows: Mapping[K, V]) -> None:
        """Put a row, which may have changed, from its group before into the one after.

        Where that is another one, the row comes late: it is put in its place among the rows of the
        table, which costs as much as there are.
        """
        if before == after:
            if after is not None:
                self[after][key] = row
            return
        self.leave(key, before)
        self.join(key, after, row)
        if after is not None and len(members := self[after]) > 1:
            self[after] = {each: members[each] for each in rows if each in members}

    def leave(self, key: K, name: Hashable) -> None:
        members = self.get(name)
        if members is not None:
            members.pop(key, None)
            if not members:
                del self[name]
