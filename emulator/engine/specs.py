"""Specs of all actions, read while others are answered: what needs them all reads them at once."""

from collections.abc import Sequence

from emulator.model.vendor import Vendor
from emulator.world.slices import slices


async def read_all(vendors: Sequence[Vendor]) -> None:
    """Have every spec file read; only the first time takes long."""
    for vendor in vendors:
        async for _ in slices(vendor.catalog.every(), 1):
            pass
