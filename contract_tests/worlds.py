"""Worlds that are declared for a test: accounts in every state, and things that somebody owns."""

from collections.abc import Iterator, Mapping

from contract_tests.documents import actions, walk

STATES_OF_ACCOUNTS = ("not_registered", "arrears", "blocked", "frozen", "switched_off")
VENDORS = ("tencent", "alibaba", "volcengine")
TOKEN = "token"
OWN: Mapping[str, int | str] = {"integer": 1400000001, "string": "own"}
FOREIGN: Mapping[str, int | str] = {"integer": 1400000009, "string": "of-another"}
UNKNOWN: Mapping[str, int | str] = {"integer": 1400000008, "string": "of-nobody"}

# All are of the mainland, which has every action of Tencent's; hosts with `intl` are of the other
# site for any account.
_ACCOUNT = """
[[accounts]]
vendor = "{vendor}"
site = "mainland"
id = "{id}"
state = "{id}"
[[accounts.keys]]
id = "{id}"
secret = "test"
"""
_OWNER = """
[[accounts]]
vendor = "{vendor}"
site = "mainland"
id = "{id}"
[accounts.resources]
{owned}
[[accounts.keys]]
id = "{id}"
secret = "test"
"""
_KEYS = """
[[accounts]]
vendor = "{vendor}"
site = "mainland"
[[accounts.keys]]
id = "test"
secret = "test"
[[accounts.keys]]
id = "revoked"
secret = "test"
enabled = false
[[accounts.keys]]
id = "temporary"
secret = "test"
session_token = "token"
[[accounts.keys]]
id = "expired"
secret = "test"
session_token = "token"
expires_at = 2020-01-01T00:00:00Z
"""
STATES = "".join(
    [
        *(_KEYS.format(vendor=vendor) for vendor in VENDORS),
        *(_ACCOUNT.format(vendor=v, id=state) for v in VENDORS for state in STATES_OF_ACCOUNTS),
    ]
)
"""An account of each vendor in each state, its key named after that; and a usual one's keys."""


def owners() -> str:
    """Return a world in which two accounts own one thing of each kind, and nobody any other."""
    parts = ['unknown_resources = "refuse"\n']
    for vendor in VENDORS:
        kinds = dict(_kinds(vendor))
        for name, things in ("test", OWN), ("other", FOREIGN):
            owned = "".join(f"{kind} = [{things[sort]!r}]\n" for kind, sort in kinds.items())
            parts.append(_OWNER.format(vendor=vendor, id=name, owned=owned))
    return "".join(parts)


def _kinds(vendor: str) -> Iterator[tuple[str, str]]:
    """Yield each kind of thing that calls name, with the type of its names."""
    for action in actions():
        for _, member in walk(action.parameters) if action.vendor == vendor else ():
            if member.resource:
                yield member.resource, member.type
