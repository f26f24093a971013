"""Which mistake a client of Alibaba made, by the signature that came of it."""

from collections.abc import Iterator

from emulator.model.call import Claim, Signed
from emulator.model.http import Request
from emulator.model.mistake import Mistake, other_hosts, usual
from emulator.vendors.alibaba import signature
from emulator.vendors.alibaba.signature import CLASSIC, DOMAINS, V3, signatures

_DOMAIN, _PRODUCT = ".aliyuncs.com", ("ice.", "ice-vpc.")


def _unlisted_header(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    sent = {name for name in request.headers if name.startswith("x-acs-")} | {"host"}
    if claim.scheme == V3 and not sent <= set(claim.signed_names):
        yield from signatures(request, claim, secret)


def _other_product(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    if request.host.endswith(_DOMAIN) and not request.host.startswith(_PRODUCT):
        yield from signatures(request, claim, secret)


def _stated_body(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    """Sign the hash that the request states, whatever its body."""
    stated = request.headers.get("x-acs-content-sha256", "")
    if claim.scheme == V3 and stated:
        headers = [
            (name, ",".join(sorted(request.headers.all(name)))) for name in claim.signed_names
        ]
        canonical = signature.canonical_request_v3(
            request.method, request.query_fields, headers, stated
        )
        yield _resigned(canonical, claim, secret)


def _unsorted(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    if claim.scheme == CLASSIC:
        sent = (*request.query_fields, *request.form_fields)
        pairs = (signature.canonical_query([field]) for field in sent if field[0] != "Signature")
        canonical = "&".join(pairs)
        text = signature.string_to_sign_classic(request.method, canonical)
        yield Signed(canonical, text, signature.signature_classic(secret, text))


def _resigned(canonical: str, claim: Claim, secret: str) -> Signed:
    """Sign a canonical request of V3; the classic style lists no names that could differ."""
    text = signature.string_to_sign_v3(canonical)
    return Signed(canonical, text, signature.signature_v3(secret, text))


MISTAKES = (
    Mistake(
        "unsigned-header",
        "a header of x-acs- or the host is missing from SignedHeaders",
        _unlisted_header,
        is_of_form=True,
    ),
    Mistake(
        "wrong-service", "the host is that of another product", _other_product, is_of_form=True
    ),
    Mistake("parameter-order", "the parameters were not sorted before signing", _unsorted),
    *usual(signatures, _resigned),
    *other_hosts(signatures, DOMAINS),
    Mistake("other-body", "another body was signed than was sent", _stated_body),
)
