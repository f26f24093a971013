"""Which mistake a client of Tencent made, by the signature that came of it."""

import hashlib
from collections.abc import Iterator
from datetime import timedelta

from emulator.model.call import Claim, Signed
from emulator.model.http import Request
from emulator.model.mistake import Mistake, other_hosts, usual
from emulator.vendors.tencent import signature
from emulator.vendors.tencent.signature import DOMAINS, V3, signatures

_SERVICES = ("tiw", "live", "cvm", "vod", "sts", "trtc", "cos", "tencentcloudapi", "")
_REGIONS = (
    "ap-singapore ap-guangzhou ap-shanghai ap-beijing ap-hongkong ap-tokyo ap-mumbai ap-bangkok "
    "ap-seoul ap-jakarta eu-frankfurt na-siliconvalley na-ashburn"
).split()


def _other_days(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    """Sign under another day than is stated: UTC's, or that east or west of Greenwich."""
    _, _, rest = claim.scope.partition("/")
    if claim.scheme == V3 and claim.signed_at and rest.count("/") == 1:
        for days in (0, 1, -1):
            day = (claim.signed_at + timedelta(days=days)).date().isoformat()
            yield from signatures(request, claim.but(scope=f"{day}/{rest}"), secret)


def _stated_day(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    day, _, rest = claim.scope.partition("/")
    is_other = claim.signed_at and day != claim.signed_at.date().isoformat()
    if claim.scheme == V3 and is_other and rest.count("/") == 1:
        yield from signatures(request, claim, secret)


def _other_services(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    parts = claim.scope.split("/")
    if claim.scheme == V3 and len(parts) == 3:
        for service in _SERVICES:
            scope = f"{parts[0]}/{service}/{parts[2]}"
            yield from signatures(request, claim.but(scope=scope), secret)


def _stated_service(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    parts = claim.scope.split("/")
    if claim.product and len(parts) == 3 and parts[1] != claim.product:
        yield from signatures(request, claim, secret)


def _unlisted_media_type(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    if claim.scheme == V3 and claim.scope and "content-type" not in claim.signed_names:
        yield from signatures(request, claim, secret)


def _more_media_type(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    """Sign Content-Type too, where it is not listed."""
    if claim.scheme == V3 and claim.scope and "content-type" not in claim.signed_names:
        names = tuple(sorted((*claim.signed_names, "content-type")))
        yield from signatures(request, claim.but(signed_names=names), secret)


def _other_regions(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    """In v1 the region is signed like any parameter; in v3 it is not."""
    for region in _REGIONS if claim.scheme != V3 else ():
        fields = tuple(
            tuple((name, region if name == "Region" else value) for name, value in sent)
            for sent in (request.query_fields, request.form_fields)
        )
        changed = request.but(query_fields=fields[0], form_fields=fields[1])
        yield from signatures(changed, claim, secret)


def _other_methods(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    """Sign what was sent, but for the word that names the method."""
    words = {"GET", "POST", request.method.lower()} - {request.method}
    if claim.scheme == V3:
        payloads = {hashlib.sha256(body).hexdigest() for body in (request.body, b"")}
        queries = {request.query, ""}
        headers = [(name, ",".join(request.headers.all(name))) for name in claim.signed_names]
        for word in words:
            for payload in payloads:
                for query in queries:
                    canonical = signature.canonical_request_v3(word, query, headers, payload)
                    yield _resigned(canonical, claim, secret)
        return
    for word in words:
        for usual_signed in signatures(request, claim, secret):
            text = f"{word}{usual_signed.string_to_sign.removeprefix(request.method)}"
            yield _resigned(text, claim, secret)


def _unsorted(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    if claim.scheme != V3:
        sent = request.form_fields if request.method == "POST" else request.query_fields
        query = "&".join(f"{name}={value}" for name, value in sent if name != "Signature")
        host = request.headers.get("host", "")
        text = signature.canonical_request_v1(request.method, host, request.path, query)
        yield _resigned(text, claim, secret)


def _resigned(canonical: str, claim: Claim, secret: str) -> Signed:
    if claim.scheme != V3:
        return Signed(canonical, canonical, signature.signature_v1(secret, canonical, claim.scheme))
    text = signature.string_to_sign_v3(canonical, claim.timestamp, claim.scope)
    return Signed(canonical, text, signature.signature_v3(secret, claim.scope, text))


_LOCAL = ("local-date", "the date of the scope is local time, not UTC")
_SERVICE = ("wrong-service", "another service was signed than is meant")
_MEDIA_TYPE = ("missing-content-type", "Content-Type is missing from SignedHeaders")

# Hosts of the emulated services; those with a region, as a client would configure them.
_HOSTS = dict.fromkeys(
    domain.format(service=service, region=region)
    for service in ("tiw", "live")
    for domain in DOMAINS
    for region in _REGIONS
)

MISTAKES = (
    Mistake(*_LOCAL, _stated_day, is_of_form=True),
    Mistake(*_SERVICE, _stated_service, is_of_form=True),
    Mistake(*_MEDIA_TYPE, _unlisted_media_type, is_of_form=True),
    Mistake(*_MEDIA_TYPE, _more_media_type),
    Mistake(*_LOCAL, _other_days),
    Mistake(*_SERVICE, _other_services),
    Mistake("wrong-region", "another region was signed than was sent", _other_regions),
    Mistake("wrong-method", "another HTTP method was signed than was sent", _other_methods),
    Mistake("parameter-order", "the parameters were not sorted before signing", _unsorted),
    *usual(signatures, _resigned),
    *other_hosts(signatures, _HOSTS),
)
