"""What the name of a host says of where a request arrived."""

from functools import lru_cache
from ipaddress import ip_address


@lru_cache(maxsize=1024)
def is_near(name: str) -> bool:
    """Return whether the name can only mean this machine or a private network."""
    try:
        address = ip_address(name.strip("[]"))
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")
    return address.is_loopback or address.is_private
