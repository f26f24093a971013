"""Which vendor a request is meant for."""

from collections.abc import Sequence

from emulator.model.http import Request
from emulator.model.vendor import Vendor


def recognise(vendors: Sequence[Vendor], request: Request) -> Vendor | None:
    """Return the vendor whose host name was called, else the one whose marks the request bears.

    None means that nothing in the request says whom it is for.
    """
    host = request.host
    for vendor in vendors:
        if vendor.hosts.fullmatch(host):
            return vendor
    for vendor in vendors:
        if vendor.claims(request):
            return vendor
    return None
