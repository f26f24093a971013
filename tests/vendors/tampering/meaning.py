"""What a request means, from the documentation: what it states of its signature, and every
canonical request that the documentation would make of it, the usual one first.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from contract_tests.signers import FORM, Wire


@dataclass(frozen=True)
class Meaning:
    stated: object
    canonical: Sequence[object]


def tc3_meaning(wire: Wire) -> Meaning:
    """Tencent protocol 2.1 and 2.4: the query as sent, header values folded or as they are."""
    headers = _trimmed(wire)
    stated = _authorization(headers)
    is_get = wire.method == "GET"
    query, body = (query_of(wire), b"") if is_get else ("", wire.body)
    names = [name for name in stated.names if name != "host"]
    return Meaning(
        (stated, headers.get("x-tc-timestamp")),
        [
            (wire.method, query, host, [fold(headers.get(name, "")) for name in names], body)
            for host in _tencent_hosts(headers)
            for fold in (str.lower, str)
        ],
    )


def v1_meaning(wire: Wire) -> Meaning:
    """Tencent protocol 3.1: decoded, sorted by name and joined, `_` in names as it is or `.`."""
    pairs = pairs_of(wire.body.decode("latin-1") if wire.method == "POST" else query_of(wire))
    dotted = [(name.replace("_", "."), value) for name, value in pairs]
    return Meaning(
        {value for name, value in pairs if name == "Signature"},
        [
            f"{wire.method}{host}{path_of(wire)}?"
            + "&".join(f"{name}={value}" for name, value in sorted(fields) if name != "Signature")
            for fields in (pairs, dotted)
            for host in _tencent_hosts(_trimmed(wire))
        ],
    )


def acs3_meaning(wire: Wire) -> Meaning:
    """Alibaba protocol 2.2: the query decoded and sorted, header values trimmed, the raw body."""
    headers = _trimmed(wire)
    stated = _authorization(headers)
    values = [headers.get(name, "") for name in stated.names]
    return Meaning(
        stated, [(wire.method, path_of(wire), sorted(pairs_of(query_of(wire))), values, wire.body)]
    )


def rpc_meaning(wire: Wire) -> Meaning:
    """Alibaba protocol 3.2: query and form merged, decoded and sorted, without `Signature`."""
    pairs = pairs_of(query_of(wire))
    if wire.headers.get("content-type", "").startswith(FORM):
        pairs += pairs_of(wire.body.decode("latin-1"))
    signed = sorted(pair for pair in pairs if pair[0] != "Signature")
    return Meaning(
        {value for name, value in pairs if name == "Signature"},
        [(wire.method, path_of(wire), signed)],
    )


def volcengine_meaning(wire: Wire) -> Meaning:
    """Volcengine protocol 3: the query decoded and sorted by name, listed headers, raw body.

    A port 80 or 443 is not signed; inner blanks are kept, or run together as Node does.
    """
    headers = _trimmed(wire)
    headers["host"] = re.sub(":(80|443)$", "", headers.get("host", ""))
    stated = _authorization(headers)
    values = [headers.get(name, "") for name in stated.names]
    query = sorted(pairs_of(query_of(wire)), key=_name)
    return Meaning(
        (stated, headers.get("x-date")),
        [
            (wire.method, path_of(wire), query, values, wire.body),
            (
                wire.method,
                path_of(wire),
                query,
                [re.sub("[ \t]+", " ", v) for v in values],
                wire.body,
            ),
        ],
    )


def presigned_meaning(wire: Wire) -> Meaning:
    """Volcengine protocol 4: all of the query but `X-Signature`, and nothing of the body."""
    pairs = pairs_of(query_of(wire))
    signed = sorted((pair for pair in pairs if pair[0] != "X-Signature"), key=_name)
    return Meaning(
        {value for name, value in pairs if name == "X-Signature"},
        [(wire.method, path_of(wire), signed)],
    )


@dataclass(frozen=True)
class Authorization:
    """The parts of the header; one that is given twice, alike, is given once."""

    scheme: str
    credential: frozenset[str]
    signed_headers: frozenset[str]
    signature: frozenset[str]

    @property
    def names(self) -> list[str]:
        return min(self.signed_headers, default="").split(";")


def _authorization(headers: Mapping[str, str]) -> Authorization:
    """Split at the first space, at the commas, at the first `=` (Volcengine protocol 3.2)."""
    scheme, _, rest = headers.get("authorization", "").partition(" ")
    parts = [part.strip(" \t").partition("=") for part in rest.split(",")]
    return Authorization(
        scheme,
        *(
            frozenset(value for name, _, value in parts if name == label)
            for label in ("Credential", "SignedHeaders", "Signature")
        ),
    )


def _tencent_hosts(headers: Mapping[str, str]) -> list[str]:
    """As sent, without the port, and both in lower case."""
    host = headers.get("host", "")
    hosts = [host, re.sub(r"^([^:]*):[0-9]*$", r"\1", host)]
    return [*hosts, *(host.lower() for host in hosts)]


def _trimmed(wire: Wire) -> dict[str, str]:
    return {name: value.strip(" \t") for name, value in wire.headers.items()}


def pairs_of(text: str) -> list[tuple[str, str]]:
    """Decode by the rules of forms, which skip empty pairs; a character stands for a byte."""
    return parse_qsl(text, keep_blank_values=True, encoding="latin-1")


def _name(pair: tuple[str, str]) -> str:
    return pair[0]


def path_of(wire: Wire) -> str:
    return wire.target.partition("?")[0]


def query_of(wire: Wire) -> str:
    return wire.target.partition("?")[2]
