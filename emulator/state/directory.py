"""Which namespaces are kept, and who writes each: one writer at any time."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class Lease(NamedTuple):
    """The right to write a namespace. Of two leases that with the greater epoch is the newer one.

    It ends at `until`, in seconds of Unix time; 0 is never.
    """

    namespace: str
    epoch: int
    until: float = 0


class Directory(Protocol):
    async def names(self) -> Sequence[str]:
        """Return the names of the namespaces that are kept."""
        ...

    async def claim(self, namespace: str) -> Lease:
        """Take a namespace over. From now on its former writer can write nothing more."""
        ...

    async def release(self, lease: Lease) -> None:
        """Give a namespace up, so that another writer need not wait for the end of the lease."""
        ...

    async def remove(self, lease: Lease) -> None:
        """Forget a namespace, with all that its ledger has."""
        ...


class LocalDirectory:
    """The directory of a process that has all namespaces to itself, and keeps none of them."""

    def __init__(self) -> None:
        self._epochs: dict[str, int] = {}

    async def names(self) -> Sequence[str]:
        return ()

    async def claim(self, namespace: str) -> Lease:
        epoch = self._epochs[namespace] = self._epochs.get(namespace, 0) + 1
        return Lease(namespace, epoch)

    async def release(self, lease: Lease) -> None:
        """Do nothing: nobody waits for it."""

    async def remove(self, lease: Lease) -> None:
        self._epochs.pop(lease.namespace, None)
