"""What is wrong with an argument, as a value."""

from typing import NamedTuple


class Violation(NamedTuple):
    """`keyword` is JSON Schema's word for the broken constraint, or the name of one of our rules.

    `path` is dotted, with indices from zero: `StreamList.0.UserId`. `code` is the error code the
    spec names for this violation, or "" for the vendor's usual one. `is_assumed` says that the
    vendor documents no such limit and that the spec assumes it.
    """

    path: str
    keyword: str
    limit: object = None
    value: object = None
    code: str = ""
    is_assumed: bool = False

    def under(self, name: str) -> "Violation":
        """Return the same violation, seen from the object that holds it as `name`."""
        return self._replace(path=f"{name}.{self.path}" if self.path else name)
