"""URLs taken apart, and the addresses that may be called."""

from ipaddress import ip_address

import pytest

from emulator.world.address import UnusableError, parse, refusal

PRIVATE = (
    "127.0.0.1 127.255.255.254 10.0.0.1 172.16.0.1 172.31.255.254 192.168.0.1 ::1 fc00::1 fd12::1 "
    "::ffff:127.0.0.1 ::ffff:10.0.0.1"
).split()
PUBLIC = (
    "8.8.8.8 172.32.0.1 100.64.0.1 192.0.2.1 198.18.0.1 198.19.255.254 198.51.100.1 203.0.113.1 "
    "192.0.0.192 2001:4860:4860::8888 2001::1 2001:1::1 2001:db8::1 2002:7f00:1::1 "
    "64:ff9b::7f00:1 ::7f00:1 ::ffff:8.8.8.8 fec0::1"
).split()
NEVER = (
    "0.0.0.0 0.1.2.3 169.254.169.254 169.254.0.1 224.0.0.1 240.0.0.1 255.255.255.255 "
    "100.100.100.200 :: fe80::1 fe80::1%eth0 ff02::1 fd00:ec2::254 fd20:ce::254 "
    "::ffff:169.254.169.254 ::ffff:0.0.0.0 64:ff9b::a9fe:a9fe ::169.254.169.254 2002:a9fe:a9fe::1"
).split()


def is_allowed(address: str, allow_public: bool = False) -> bool:
    return not refusal("host", [ip_address(address)], allow_public)


@pytest.mark.parametrize("address", PRIVATE)
def test_loopback_and_private_addresses_may_be_called(address: str) -> None:
    assert is_allowed(address)
    assert is_allowed(address, allow_public=True)


@pytest.mark.parametrize("address", PUBLIC)
def test_any_other_address_may_be_called_only_where_public_ones_may(address: str) -> None:
    assert not is_allowed(address)
    assert is_allowed(address, allow_public=True)


@pytest.mark.parametrize("address", NEVER)
def test_where_no_receiver_can_be_is_never_called(address: str) -> None:
    assert not is_allowed(address)
    assert not is_allowed(address, allow_public=True)


@pytest.mark.parametrize(
    ("url", "host", "port", "authority", "target", "credentials"),
    [
        ("http://a.test", "a.test", 80, "a.test", "/", ""),
        ("http://A.test:80/x", "a.test", 80, "a.test", "/x", ""),
        ("https://a.test:80/", "a.test", 80, "a.test:80", "/", ""),
        ("https://a.test?q=1", "a.test", 443, "a.test", "/?q=1", ""),
        ("http://[::1]:8080/", "::1", 8080, "[::1]:8080", "/", ""),
        ("http://a_b.test./", "a_b.test.", 80, "a_b.test.", "/", ""),
        ("http://bücher.test/ü?ü", "xn--bcher-kva.test", 80, "xn--bcher-kva.test",
         "/%C3%BC?%C3%BC", ""),
        ("http://a.test/%2F%zz/../x;y?a[]={b}|c", "a.test", 80, "a.test",
         "/%2F%zz/../x;y?a[]={b}|c", ""),
        ("http://a.test//x#y", "a.test", 80, "a.test", "//x", ""),
        ("http://me@a.test/", "a.test", 80, "a.test", "/", "me:"),
        ("http://m%40e:p:w%2F@a.test/", "a.test", 80, "a.test", "/", "m@e:p:w/"),
        ("http://127.0.0.1\\@a.test/", "a.test", 80, "a.test", "/", "127.0.0.1\\:"),
    ],
)  # fmt: skip
def test_a_url_says_where_it_leads(
    url: str, host: str, port: int, authority: str, target: str, credentials: str
) -> None:
    address = parse(url)

    assert (address.host, address.port, address.authority) == (host, port, authority)
    assert (address.target, address.credentials) == (target, credentials)


@pytest.mark.parametrize("url", ["http://a b/", "http://a%41/", "http://a<b/", "http://[v1.x]/"])
def test_what_is_no_host_is_refused(url: str) -> None:
    with pytest.raises(UnusableError, match="not a"):
        parse(url)
