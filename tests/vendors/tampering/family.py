"""The request forms, each with the places where it is signed."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pytest

from contract_tests.signers import Signer, Wire
from tests.vendors.tampering.meaning import (
    Meaning,
    acs3_meaning,
    presigned_meaning,
    rpc_meaning,
    tc3_meaning,
    v1_meaning,
    volcengine_meaning,
)
from tests.vendors.tampering.place import Place, body, header, path, query
from tests.vendors.tampering.signed import (
    BAD_CREDENTIAL,
    BAD_HEADER,
    BAD_KEY,
    EXPIRED,
    LATE,
    MALFORMED,
    NO_ACTION,
    NO_KEY,
    NO_SUCH_ID,
    NO_TIME,
    STALE,
    UNLIKE,
    WRONG,
    acs3,
    presigned,
    rpc,
    tc3,
    tc3_multipart,
    v1,
    volcengine,
)


@dataclass(frozen=True)
class Family:
    """A scheme in one request form.

    `swapped` answers POST for GET or the reverse, `other` any other method; `accepted` is what a
    request gets that is in order: a code where the action itself does not take the method.
    """

    name: str
    sign: Callable[[Signer], Wire]
    meaning: Callable[[Wire], Meaning]
    places: Sequence[Place]
    swapped: str
    other: str
    accepted: str = ""

    def __str__(self) -> str:
        return self.name

    def means_the_same(self, before: Wire, after: Wire) -> bool:
        """Say whether the documentation lets both requests bear the one signature."""
        first, second = self.meaning(before), self.meaning(after)
        return first.stated == second.stated and first.canonical[0] in second.canonical


def _tc3_family(name: str, sign: Callable[[Signer], Wire], payload: Place) -> Family:
    whole = header("authorization", WRONG, MALFORMED, NO_SUCH_ID)
    names = r"SignedHeaders=([^,]*)"
    places = (
        payload,
        # A further colon in the host is a case of its own, below.
        header("host", WRONG, without=":"),
        header("content-type", WRONG),
        header("x-tc-timestamp", WRONG, EXPIRED, "InvalidParameter"),
        whole,
        whole.within("scheme", "^([^ ]*)", MALFORMED),
        whole.within("key id", "Credential=([^/]*)", NO_SUCH_ID, MALFORMED),
        whole.within("scope date", "Credential=[^/]*/([^/]*)", WRONG, MALFORMED),
        whole.within("scope service", "/([^/]*)/tc3", WRONG, MALFORMED),
        whole.within("scope end", "/(tc3_request)", MALFORMED),
        whole.within("signed headers", names, WRONG, MALFORMED, separator=";"),
        whole.within("signature", "Signature=([^,]*)", WRONG),
    )
    return Family(name, sign, tc3_meaning, places, WRONG, "UnsupportedProtocol")


def _v1_family(name: str, sign: Callable[[Signer], Wire], where: Callable[..., Place]) -> Family:
    fields = where(WRONG, EXPIRED, NO_SUCH_ID, "MissingParameter", "InvalidParameter")
    places = (
        fields,
        fields.value_of("Action", WRONG),
        fields.value_of("Version", WRONG),
        fields.value_of("Timestamp", WRONG, EXPIRED, "InvalidParameter"),
        fields.value_of("Nonce", WRONG, "InvalidParameter"),
        fields.value_of("SecretId", NO_SUCH_ID),
        fields.value_of("SignatureMethod", WRONG),
        fields.value_of("Signature", WRONG),
        fields.value_of("CallbackURL", WRONG),
        header("host", WRONG, without=":"),
        path(WRONG),
    )
    return Family(name, sign, v1_meaning, places, "MissingParameter", "UnsupportedProtocol")


def _acs3_family(name: str, sign: Callable[[Signer], Wire], *payload: Place) -> Family:
    no_key_id, no_method = "MissingAccessKeyId", "InvalidSignatureMethod"
    no_signature, no_names = "MissingSignature", "IncompleteSignature"
    whole = header("authorization", UNLIKE, NO_KEY, no_method, no_key_id, no_signature, no_names)
    names = "SignedHeaders=([^,]*)"
    places = (
        *payload,
        header("host", UNLIKE),
        header("x-acs-action", NO_ACTION),
        header("x-acs-version", NO_ACTION),
        header("x-acs-date", UNLIKE, NO_TIME, LATE),
        header("x-acs-signature-nonce", UNLIKE),
        header("x-acs-content-sha256", UNLIKE),
        path(NO_ACTION),
        whole,
        whole.within("scheme", "^([^ ]*)", no_method, no_key_id),
        whole.within("key id", "Credential=([^,]*)", NO_KEY),
        whole.within("signed headers", names, UNLIKE, no_names, separator=";"),
        whole.within("signature", "Signature=([^,]*)", UNLIKE),
    )
    return Family(name, sign, acs3_meaning, places, UNLIKE, "UnsupportedHTTPMethod")


def _rpc_family(name: str, sign: Callable[[Signer], Wire], where: Callable[..., Place]) -> Family:
    required = (
        "Action Version Timestamp AccessKeyId Signature SignatureNonce SignatureMethod "
        "SignatureVersion"
    )
    method, version = "InvalidSignatureMethod", "InvalidSignatureVersion"
    format_ = "InvalidParameter.Format"
    missing = [f"Missing{name}" for name in required.split()]
    fields = where(UNLIKE, LATE, NO_TIME, NO_ACTION, NO_KEY, method, version, format_, *missing)
    places = (
        fields,
        fields.value_of("Action", NO_ACTION),
        fields.value_of("Version", NO_ACTION),
        fields.value_of("AccessKeyId", NO_KEY),
        fields.value_of("SignatureMethod", method),
        fields.value_of("SignatureVersion", version),
        fields.value_of("SignatureNonce", UNLIKE),
        fields.value_of("Timestamp", UNLIKE, NO_TIME, LATE),
        fields.value_of("Format", UNLIKE, format_),
        fields.value_of("Input", UNLIKE),
        fields.value_of("Signature", UNLIKE),
        path(NO_ACTION),
    )
    return Family(name, sign, rpc_meaning, places, UNLIKE, "UnsupportedHTTPMethod")


def _volcengine_family(name: str, sign: Callable[[Signer], Wire], accepted: str = "") -> Family:
    whole = header("authorization", UNLIKE, BAD_HEADER, BAD_KEY)
    places = (
        body(UNLIKE),
        query(UNLIKE, "MissingParameter"),
        header("host", UNLIKE),
        header("content-type", UNLIKE),
        header("x-content-sha256", UNLIKE),
        header("x-date", UNLIKE, STALE),
        path(UNLIKE),
        whole,
        whole.within("scheme", "^([^ ]*)", BAD_HEADER),
        whole.within("key id", "Credential=([^/]*)", BAD_KEY, BAD_HEADER),
        whole.within("scope date", "/([0-9]*)/", UNLIKE, BAD_HEADER),
        whole.within("scope region", "/([^/]*)/rtc", UNLIKE, BAD_HEADER),
        whole.within("scope service", "/(rtc)/", UNLIKE, BAD_HEADER),
        whole.within("scope end", "/(request)", BAD_HEADER),
        whole.within("signed headers", "SignedHeaders=([^,]*)", UNLIKE, BAD_HEADER, separator=";"),
        whole.within("signature", "Signature=([^,]*)", UNLIKE),
    )
    return Family(name, sign, volcengine_meaning, places, UNLIKE, UNLIKE, accepted)


def _presigned_family() -> Family:
    whole = query(UNLIKE, STALE, BAD_CREDENTIAL, BAD_KEY, "MissingParameter", "MissingRequestInfo")
    places = (
        whole,
        whole.value_of("Action", UNLIKE),
        whole.value_of("Version", UNLIKE),
        whole.value_of("Note", UNLIKE),
        whole.value_of("X-Algorithm", BAD_CREDENTIAL),
        whole.value_of("X-Credential", UNLIKE, BAD_CREDENTIAL, BAD_KEY),
        whole.value_of("X-Date", UNLIKE, STALE),
        whole.value_of("X-NotSignBody", UNLIKE),
        whole.value_of("X-SignedHeaders", UNLIKE),
        whole.value_of("X-SignedQueries", UNLIKE),
        whole.value_of("X-Signature", UNLIKE),
        path(UNLIKE),
    )
    return Family("volcengine query", presigned, presigned_meaning, places, UNLIKE, UNLIKE)


FAMILIES = (
    _tc3_family("tc3 json", tc3, body(WRONG, separator=",")),
    _tc3_family("tc3 get", lambda s: tc3(s, method="GET"), query(WRONG, "InvalidParameter")),
    _tc3_family("tc3 multipart", tc3_multipart, body(WRONG, separator="\r\n")),
    _v1_family("v1 form", v1, body),
    _v1_family("v1 get", lambda s: v1(s, method="GET"), query),
    _acs3_family("acs3 query", acs3, query(UNLIKE), body(UNLIKE)),
    _acs3_family(
        "acs3 form",
        lambda s: acs3(s, in_body=True),
        body(UNLIKE),
        header("content-type", UNLIKE),
    ),
    _rpc_family("rpc get", lambda s: rpc(s, method="GET"), query),
    _rpc_family("rpc query", rpc, query),
    _rpc_family("rpc form", lambda s: rpc(s, in_body=True), body),
    _volcengine_family("volcengine header", volcengine),
    _volcengine_family(
        "volcengine get", lambda s: volcengine(s, method="GET"), accepted="MethodNotAllowed"
    ),
    _presigned_family(),
)
NAMED = {family.name: family for family in FAMILIES}

each_family = pytest.mark.parametrize("family", FAMILIES, ids=str)


def fields_of(family: Family) -> Place | None:
    """Return the place of the family's signed fields, where it has some that are decoded."""
    where = "body" if family.name in ("v1 form", "rpc form") else "query"
    return next((place for place in family.places if place.name == where), None)
