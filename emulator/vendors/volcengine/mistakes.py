"""Which mistake a client of Volcengine made, by the signature that came of it."""

from collections.abc import Iterable, Iterator
from datetime import timedelta

from emulator.model.call import Claim, Signed
from emulator.model.http import Request
from emulator.model.mistake import Mistake, other_hosts, usual
from emulator.vendors.volcengine import signature
from emulator.vendors.volcengine.signature import DOMAINS, signatures

_REGIONS = "cn-north-1 cn-beijing cn-shanghai cn-guangzhou ap-southeast-1 us-east-1".split()
_SERVICES = "rtc iam sts vod live imagex tos ecs cv".split()


def _other_days(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    days = [claim.scope.partition("/")[0]]
    if claim.signed_at:
        days += [f"{claim.signed_at + timedelta(days=step):%Y%m%d}" for step in (0, 1, -1)]
    return _under(_scopes(claim, 0, days), request, claim, secret)


def _other_regions(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    return _under(_scopes(claim, 1, _REGIONS), request, claim, secret)


def _other_services(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    return _under(_scopes(claim, 2, _SERVICES), request, claim, secret)


def _unlisted_date(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    if "authorization" in request.headers and "x-date" not in claim.signed_names:
        yield from signatures(request, claim, secret)


def _stated_service(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    if claim.product != "rtc":
        yield from signatures(request, claim, secret)


def _scopes(claim: Claim, index: int, words: Iterable[str]) -> list[str]:
    """Return the claim's scope with each of the words in one place of it."""
    parts = claim.scope.split("/")
    if len(parts) != 4:
        return []
    return ["/".join((*parts[:index], word, *parts[index + 1 :])) for word in words]


def _under(scopes: Iterable[str], request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    """Sign under other scopes; one of another day than the timestamp's is never right."""
    _, _, rest = claim.scope.partition("/")
    fitting = claim.but(scope=f"{claim.timestamp[:8]}/{rest}")
    for right in signatures(request, fitting, secret):
        for scope in scopes:
            text = signature.string_to_sign(right.canonical_request, claim.timestamp, scope)
            yield Signed(right.canonical_request, text, signature.signature(secret, scope, text))


def _stated_body(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
    """Sign the hash that the request states, whatever its body."""
    stated = request.headers.get("x-content-sha256", "")
    if stated and "authorization" in request.headers:
        headers = [(name, ",".join(request.headers.all(name))) for name in claim.signed_names]
        canonical = signature.canonical_request(
            request.method, request.path, request.query_fields, headers, stated
        )
        yield _resigned(canonical, claim, secret)


def _resigned(canonical: str, claim: Claim, secret: str) -> Signed:
    text = signature.string_to_sign(canonical, claim.timestamp, claim.scope)
    return Signed(canonical, text, signature.signature(secret, claim.scope, text))


MISTAKES = (
    Mistake("wrong-service", "another service was signed than rtc", _stated_service, True),
    Mistake("unsigned-header", "X-Date is missing from SignedHeaders", _unlisted_date, True),
    Mistake("local-date", "the date of the scope is local time, not UTC", _other_days),
    Mistake("wrong-region", "another region was signed than the scope says", _other_regions),
    Mistake("wrong-service", "another service was signed than the scope says", _other_services),
    *usual(signatures, _resigned),
    *other_hosts(signatures, DOMAINS),
    Mistake("other-body", "another body was signed than was sent", _stated_body),
)
