"""Which vendor a request is meant for."""

from collections.abc import Callable, Sequence
from functools import lru_cache

from emulator.model.http import Request
from emulator.model.vendor import Vendor

Recognise = Callable[[Request], Vendor | None]


def recognition(vendors: Sequence[Vendor]) -> Recognise:
    """Return what finds the vendor whose host name was called, else whose marks a request bears.

    None means that nothing in the request says whom it is for.
    """

    @lru_cache(maxsize=1024)
    def named(host: str) -> Vendor | None:
        return next((vendor for vendor in vendors if vendor.hosts.fullmatch(host)), None)

    def recognise(request: Request) -> Vendor | None:
        if vendor := named(request.host):
            return vendor
        for vendor in vendors:
            if vendor.claims(request):
                return vendor
        return None

    return recognise
