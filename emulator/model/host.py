"""What the name of a host says of where a request arrived."""

from functools import lru_cache
from ipaddress import ip_address

# Reserved for networks of one's own: RFC 6761, 6762 and 8375, and ICANN's resolution of 2024-07-29.
_OWN = (".localhost", ".local", ".test", ".internal", ".home.arpa")


@lru_cache(maxsize=1024)
def is_near(name: str) -> bool:
    """Return whether the name can only mean this machine or a private network.

    A name of one word, such as that of a Compose service, is no public host's.
    """
    try:
        address = ip_address(name.strip("[]"))
    except ValueError:
        return name.endswith(_OWN) or (name != "" and "." not in name)
    return address.is_loopback or address.is_private
