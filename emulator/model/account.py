"""Accounts at a vendor, and the keys that sign for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

ACTIVE = "active"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """An access key id with its secret. A key with a `session_token` is a temporary one."""

    id: str
    secret: str
    vendor: str
    account_id: str
    namespace: str
    enabled: bool = True
    session_token: str = ""
    expires_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """An account of one vendor: its states, by product or "*" for all, and what it owns.

    `resources` are the identifiers that exist under this account, by kind (`SdkAppId`, …); its own
    id is one of the kind `AccountId`.
    """

    vendor: str
    id: str
    site: str = "intl"
    states: Mapping[str, str] = field(default_factory=dict)
    resources: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def state(self, product: str) -> str:
        return self.states.get(product) or self.states.get("*", ACTIVE)

    def owns(self, kind: str, identifier: str) -> bool:
        is_own_id = kind == "AccountId" and identifier == self.id
        return is_own_id or identifier in self.resources.get(kind, ())


NO_KEY = AccessKey("", "", "", "", "")
NO_ACCOUNT = Account("", "")
