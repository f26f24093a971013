"""Where a callback URL leads, and which addresses may be called."""

import ipaddress
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit

IpAddress = ipaddress.IPv4Address | ipaddress.IPv6Address
IpNetwork = ipaddress.IPv4Network | ipaddress.IPv6Network


class UnusableError(ValueError):
    """The URL cannot be called; the text says why."""


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart: `host` is ASCII and without brackets, `authority` is the `Host` header,
    `target` the path and query as a request has them, `credentials` are like `user:password`.
    """

    is_secure: bool
    host: str
    port: int
    authority: str
    target: str
    credentials: str = ""


def parse(url: str) -> Address:
    """Return where a URL leads; raises UnusableError."""
    if _CONTROL.search(url):
        raise UnusableError("not a URL: it has a control character")
    parts, port = _split(url)
    name = parts.hostname
    try:
        target = quote(parts.path or "/", _AS_IT_IS, errors="surrogateescape")
        if parts.query:
            target += "?" + quote(parts.query, _AS_IT_IS, errors="surrogateescape")
    except UnicodeError:
        raise UnusableError("not a URL: it has characters that are none") from None
    if parts.scheme not in _PORTS or not name:
        raise UnusableError("not an http or https URL")
    if port == 0:
        raise UnusableError("not a URL: nobody listens on port 0")
    if "[" in parts.netloc.rpartition("@")[2] and not literal(name):
        raise UnusableError(f"not an IPv6 address: {name!r}")
    host = _ascii(name)
    shown = f"[{host}]" if ":" in host else host
    has_credentials = parts.username is not None or parts.password is not None
    return Address(
        is_secure=parts.scheme == "https",
        host=host,
        port=port or _PORTS[parts.scheme],
        authority=f"{shown}:{port}" if port and port != _PORTS[parts.scheme] else shown,
        target=target,
        credentials=f"{unquote(parts.username or '')}:{unquote(parts.password or '')}"
        if has_credentials
        else "",
    )


def literal(host: str) -> IpAddress | None:
    """Return the IP address that a host is, or None for a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def refusal(host: str, addresses: Iterable[IpAddress], allow_public: bool) -> str:
    """Return why a host with these addresses may not be called, or "": one bad one is enough."""
    for address in addresses:
        if _is_in(address, _NEVER) or _is_in(_carried(address), _NEVER):
            return f"refused: {host} is {address}, where no receiver of callbacks can be"
        if not allow_public and not _is_in(address, _PRIVATE):
            return f"refused: {host} is a public address; see --allow-public-callbacks"
    return ""


def _split(url: str) -> tuple[SplitResult, int | None]:
    # The texts of these errors may have a password in them.
    try:
        parts = urlsplit(url)
    except ValueError:
        raise UnusableError("not a URL: what should be its host is none") from None
    try:
        return parts, parts.port
    except ValueError:
        raise UnusableError("not a URL: its port is no number up to 65535") from None


def _ascii(name: str) -> str:
    if literal(name):
        return name
    try:
        # Longer names are none, and the codec takes time squared for them.
        host = name.encode("idna").decode() if len(name) <= _LONGEST_NAME else ""
    except UnicodeError as error:
        raise UnusableError(f"not a host name: {name!r}: {error}") from None
    if not _NAME.fullmatch(host):
        raise UnusableError(f"not a host name: {name[:_LONGEST_NAME]!r}")
    return host


def _carried(address: IpAddress) -> IpAddress:
    """Return the IPv4 address that an IPv6 one leads to, in whichever way it carries it."""
    if isinstance(address, ipaddress.IPv4Address) or address.is_loopback or address.is_unspecified:
        return address
    if address in _NAT64 or address in _COMPATIBLE:
        return ipaddress.IPv4Address(int(address) & 0xFFFFFFFF)
    return address.sixtofour or address


def _is_in(address: IpAddress, networks: Sequence[IpNetwork]) -> bool:
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped:
        address = address.ipv4_mapped
    return any(address in network for network in networks if network.version == address.version)


_PORTS = {"http": 80, "https": 443}
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NAME = re.compile(r"[A-Za-z0-9._-]+")
_LONGEST_NAME = 253
# Whatever a URL may have stays as it is; blanks and what is not ASCII are percent-encoded.
_AS_IT_IS = "%!\"#$&'()*+,/:;<=>?@[\\]^`{|}~"

# RFC 6052, section 2.1; RFC 4291, section 2.5.5.1.
_NAT64, _COMPATIBLE = ipaddress.IPv6Network("64:ff9b::/96"), ipaddress.IPv6Network("::/96")
# Loopback; RFC 1918; RFC 4193.
_PRIVATE = tuple(
    map(
        ipaddress.ip_network,
        (
            "127.0.0.0/8",
            "10.0.0.0/8",
            "172.16.0.0/12",
            "192.168.0.0/16",
            "::1/128",
            "fc00::/7",
        ),
    )
)
# "This network", link-local, multicast and reserved addresses (RFC 6890) have no receivers, and
# under some of them clouds give out the credentials of the machine: 169.254.169.254 and
# fd00:ec2::254 (AWS and others), 100.100.100.200 (Alibaba Cloud), fd20:ce::254 (Google Cloud).
_NEVER = tuple(
    map(
        ipaddress.ip_network,
        (
            "0.0.0.0/8",
            "169.254.0.0/16",
            "224.0.0.0/4",
            "240.0.0.0/4",
            "100.100.100.200/32",
            "::/128",
            "fe80::/10",
            "ff00::/8",
            "fd00:ec2::254/128",
            "fd20:ce::254/128",
        ),
    )
)
