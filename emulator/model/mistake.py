"""The usual mistakes of signers: what a client signed instead of what it sent."""

import json
from collections.abc import Callable, Iterable, Iterator
from itertools import permutations
from typing import NamedTuple
from urllib.parse import quote

from emulator.model.call import Claim, Signed
from emulator.model.http import Fields, Headers, Request, parse_fields, percent_encoded

Signatures = Callable[[Request, Claim, str], Iterable[Signed]]
Resign = Callable[[str, Claim, str], Signed]
Changed = Iterable[tuple[Request, Claim, str]]
Change = Callable[[Request, Claim, str], Changed]

_MAX_PERMUTED = 4
_MAX_HEADERS = 40
_PORTS = ("4588", "80", "443", "3000", "5000", "8000", "8080", "8443")
_MEDIA_TYPES = (
    "application/json",
    "application/json; charset=utf-8",
    "application/x-www-form-urlencoded",
    "application/x-www-form-urlencoded; charset=utf-8",
)


class Mistake(NamedTuple):
    """`signed` yields the signatures that the mistake would have produced.

    `is_of_form` says that the signature itself would be right, and how it is presented not.
    """

    name: str
    sentence: str
    signed: Signatures
    is_of_form: bool = False


def usual(signatures: Signatures, resign: Resign) -> tuple[Mistake, ...]:
    """Return the mistakes that any vendor's client can make, by the vendor's own signatures.

    `resign` signs a canonical request.
    """

    def mistake(name: str, sentence: str, change: Change) -> Mistake:
        def signed(request: Request, claim: Claim, secret: str) -> Iterator[Signed]:
            for changed in change(request, claim, secret):
                for each in signatures(*changed):
                    yield each
                    canonical = _listing(claim, changed[1], each.canonical_request)
                    if canonical != each.canonical_request:
                        yield resign(canonical, claim, secret)

        return Mistake(name, sentence, signed)

    return tuple(mistake(*row) for row in _USUAL)


def other_hosts(signatures: Signatures, hosts: Iterable[str]) -> tuple[Mistake, ...]:
    """Return the mistakes of who signs one of the hosts and sends another."""

    def mistake(host: str) -> Mistake:
        def signed(request: Request, claim: Claim, secret: str) -> Iterable[Signed]:
            return signatures(with_header(request, "host", host), claim, secret)

        return Mistake(
            "other-host",
            f"the host {host} was signed, and another was sent; call the emulator by localhost or "
            "a private address, or start it with --admin-host and the name that is sent",
            signed,
        )

    return tuple(mistake(host) for host in hosts)


def _listing(claim: Claim, changed: Claim, canonical: str) -> str:
    """Return the canonical request with the names that the client lists over what it signed."""
    signed, listed = ";".join(changed.signed_names), ";".join(claim.signed_names)
    return canonical.replace(f"\n{signed}\n", f"\n{listed}\n") if signed else canonical


def with_header(request: Request, name: str, value: str) -> Request:
    """Return the request with one header replaced or added."""
    kept = [(n, v) for n in request.headers if n != name for v in request.headers.all(n)]
    fields = [(n.encode("latin-1"), v.encode("latin-1")) for n, v in (*kept, (name, value))]
    return request.but(headers=Headers(fields))


def _portless(request: Request, claim: Claim, secret: str) -> Changed:
    host = request.headers.get("host", "")
    name, colon, port = host.rpartition(":")
    if colon and port.isdecimal():
        yield with_header(request, "host", name), claim, secret


def _ported(request: Request, claim: Claim, secret: str) -> Changed:
    """Put the port back that a proxy dropped: the one it forwards, or one in use for servers."""
    host, forwarded = request.headers.get("host", ""), request.headers.get("x-forwarded-port", "")
    if host and ":" not in host:
        for port in dict.fromkeys((forwarded, *_PORTS)):
            yield with_header(request, "host", f"{host}:{port}"), claim, secret


def _forwarded(request: Request, claim: Claim, secret: str) -> Changed:
    if host := request.headers.get("x-forwarded-host", ""):
        yield with_header(request, "host", host), claim, secret


def _secrets(request: Request, claim: Claim, secret: str) -> Changed:
    for end in ("\n", "\r\n", " "):
        yield request, claim, f"{secret}{end}"


def _ended_bodies(request: Request, claim: Claim, secret: str) -> Changed:
    for body in (request.body + b"\n", request.body + b"\r\n", request.body.rstrip(b"\r\n")):
        yield request.but(body=body), claim, secret


def _emptied_bodies(request: Request, claim: Claim, secret: str) -> Changed:
    if request.body:
        yield request.but(body=b"", form_fields=()), claim, secret


def _serialised(request: Request, claim: Claim, secret: str) -> Changed:
    """Write a JSON body again: with blanks or without, sorted or not, in ASCII or not."""
    try:
        content = json.loads(request.body)
    except (ValueError, RecursionError):
        return
    for separators in ((",", ":"), (", ", ": ")):
        for is_sorted in (False, True):
            for in_ascii in (True, False):
                text = json.dumps(
                    content, separators=separators, sort_keys=is_sorted, ensure_ascii=in_ascii
                )
                body = text.encode("utf-8", "surrogatepass")
                yield request.but(body=body), claim, secret


def _methods(request: Request, claim: Claim, secret: str) -> Changed:
    for method in ("GET", "POST", "PUT", request.method.lower()):
        yield request.but(method=method), claim, secret


def _encoded_again(request: Request, claim: Claim, secret: str) -> Changed:
    """Encode every value of query and form, or those of the action's parameters only."""
    every = frozenset(name for name, _ in (*request.query_fields, *request.form_fields))
    for names in (every, frozenset(name for name, _ in claim.fields)):
        changed = request.but(
            query=quote(request.query, safe="=&"),
            query_fields=_quoted(request.query_fields, names),
            form_fields=_quoted(request.form_fields, names),
        )
        yield changed, claim, secret


def _decoded_once(request: Request, claim: Claim, secret: str) -> Changed:
    query = request.query.replace("%25", "%")
    if query != request.query:
        fields = parse_fields(query.encode("latin-1"))
        yield request.but(query=query, query_fields=fields), claim, secret


def _quoted(fields: Fields, names: frozenset[str]) -> Fields:
    return tuple(
        (name, percent_encoded(value) if name in names else value) for name, value in fields
    )


def _unsent_media_types(request: Request, claim: Claim, secret: str) -> Changed:
    return () if "content-type" in request.headers else _signed_types(request, claim, secret)


def _media_types(request: Request, claim: Claim, secret: str) -> Changed:
    return _signed_types(request, claim, secret) if "content-type" in request.headers else ()


def _signed_types(request: Request, claim: Claim, secret: str) -> Changed:
    if "content-type" in claim.signed_names:
        for text in _MEDIA_TYPES:
            yield with_header(request, "content-type", text), claim, secret


def _without_media_type(request: Request, claim: Claim, secret: str) -> Changed:
    names = tuple(name for name in claim.signed_names if name != "content-type")
    if names != claim.signed_names:
        yield request, claim.but(signed_names=names), secret


def _orders(request: Request, claim: Claim, secret: str) -> Changed:
    names = claim.signed_names
    as_sent = tuple(name for name in request.headers if name in names)
    orders = {tuple(sorted(names)), tuple(sorted(names, reverse=True)), as_sent, as_sent[::-1]}
    if len(names) <= _MAX_PERMUTED:
        orders |= set(permutations(names))
    for order in orders - {names}:
        yield request, claim.but(signed_names=order), secret


def _other_headers(request: Request, claim: Claim, secret: str) -> Changed:
    """Sign one header less than is listed, or one more that was sent."""
    names = claim.signed_names
    if len(names) > _MAX_HEADERS:
        return
    for name in names:
        yield request, claim.but(signed_names=tuple(n for n in names if n != name)), secret
    sent = [name for name in request.headers if name not in names and name != "authorization"]
    for name in sent[:_MAX_HEADERS]:
        yield request, claim.but(signed_names=tuple(sorted((*names, name)))), secret


_USUAL: tuple[tuple[str, str, Change], ...] = (
    ("host-without-port", "the host was signed without its port", _portless),
    (
        "host-without-port",
        "the host was sent without the port that was signed, as by a proxy that drops it",
        _ported,
    ),
    ("host-rewritten", "the host was signed as X-Forwarded-Host says, not as sent", _forwarded),
    ("newline-in-secret", "the secret was used with a newline or blank at its end", _secrets),
    ("newline-in-body", "the body was signed with another end than was sent", _ended_bodies),
    ("other-body", "the body was signed as empty, and one was sent", _emptied_bodies),
    ("body-serialised-again", "the JSON body was written again after signing", _serialised),
    ("wrong-method", "another HTTP method was signed than was sent", _methods),
    ("query-encoded-twice", "the query was percent-encoded twice before signing", _encoded_again),
    (
        "query-encoded-twice",
        "the query was percent-encoded again after it was signed",
        _decoded_once,
    ),
    (
        "missing-content-type",
        "Content-Type is listed as signed and was not sent",
        _unsent_media_types,
    ),
    (
        "missing-content-type",
        "Content-Type is listed as signed and was not signed",
        _without_media_type,
    ),
    ("other-content-type", "another Content-Type was signed than was sent", _media_types),
    ("header-order", "the headers were signed in another order than is listed", _orders),
    (
        "unsigned-header",
        "a header is listed as signed and was not, or was signed and is not listed",
        _other_headers,
    ),
)
