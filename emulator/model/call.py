"""A request on its way to becoming a call: what it claims, and what is known to be true."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any, NamedTuple

from emulator.model.account import NO_KEY, AccessKey
from emulator.model.http import Fields, Request
from emulator.model.secrecy import hide
from emulator.spec.action import Action, Evidence, Provenance
from emulator.spec.value import Value
from emulator.spec.violation import Violation


class Claim(Value):
    """What a request says of itself, before any of it is believed; "" where it says nothing.

    `scheme` is the signature method as the vendor names it, `scope` the credential scope,
    `signed_names` the headers or query keys it says it signed. `fields` are the text fields that
    carry parameters when they do not come as JSON. `timestamp` is as sent; `signed_at` is None
    where that is no time.
    """

    scheme: str = ""
    product: str = ""
    action: str = ""
    version: str = ""
    region: str = ""
    site: str = ""
    access_key_id: str = ""
    scope: str = ""
    signed_names: tuple[str, ...] = ()
    signature: str = ""
    timestamp: str = ""
    signed_at: datetime | None = None
    lifetime_seconds: int = 0
    nonce: str = ""
    session_token: str = ""
    language: str = ""
    format: str = ""
    fields: Fields = ()


UNRESOLVED = Action(
    product="",
    version="",
    name="",
    title="",
    methods=(),
    calls_per_second=0,
    regions={},
    parameters={},
    response={},
    errors={},
    codes={},
    examples=(),
    provenance=Provenance("", None, Evidence.ASSUMED),
    check=lambda value: (),
    judges={},
)


class Call(Value):
    """A request, its claim, and what the checks have established so far, one after another.

    `key` is the one the request names; the call belongs to its namespace once `is_verified`.
    `violations` are what is wrong with the arguments and is not the gateway's to say.
    """

    request: Request
    claim: Claim
    action: Action = UNRESOLVED
    key: AccessKey = NO_KEY
    is_verified: bool = False
    arguments: Mapping[str, Any] = MappingProxyType({})
    violations: Sequence[Violation] = ()

    def of(self, action: Action) -> "Call":
        """Return the call as one of an action, whose arguments are not read yet."""
        return Call(
            request=self.request,
            claim=self.claim,
            action=action,
            key=self.key,
            is_verified=self.is_verified,
        )

    def by(self, key: AccessKey) -> "Call":
        """Return the call as one that names a key, which is not verified yet."""
        return Call(request=self.request, claim=self.claim, action=self.action, key=key)

    def verified(self) -> "Call":
        return Call(
            request=self.request,
            claim=self.claim,
            action=self.action,
            key=self.key,
            is_verified=True,
        )

    def saying(self, arguments: Mapping[str, Any], wrongly: Sequence[Violation]) -> "Call":
        """Return the call with its arguments, and with what is wrong about them."""
        return Call(
            request=self.request,
            claim=self.claim,
            action=self.action,
            key=self.key,
            is_verified=self.is_verified,
            arguments=arguments,
            violations=wrongly,
        )


class Signed(NamedTuple):
    """A signature with what it was computed from."""

    canonical_request: str
    string_to_sign: str
    signature: str


_MOST_SIGNED = 256


def signed_names(text: str) -> tuple[str, ...]:
    """Return the names in `a;b`, in their order; none where one is repeated, or there are too many.

    Each is read together with its header: a name that is repeated for as long as a head may be
    would make gigabytes of a header that is as long. No SDK signs a header twice.
    """
    names = tuple(text.split(";", _MOST_SIGNED)) if text else ()
    return names if len(names) == len(set(names)) <= _MOST_SIGNED else ()


_MAX_LOGGED = 2000


def redacted(text: str, claim: Claim, longest: int = _MAX_LOGGED) -> str:
    """Return the text fit for a log: not long, and without the session token, however written."""
    text = hide(text, (claim.session_token,))
    return text if len(text) <= longest else f"{text[:longest]}… ({len(text)} characters)"
