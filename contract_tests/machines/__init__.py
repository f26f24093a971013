"""Families of actions in any order, beside a small model of what they ought to come to."""

from contract_tests.documents import action


def require(name: str, told: object, expected: object, given: str = "") -> None:
    """Stop where an action does not tell what the model expects; `given` says in which case."""
    if told != expected:
        where = f"{action(name).file}: {name}{given and f' {given}'}"
        raise AssertionError(f"{where}: {told!r}, expected {expected!r}")
