"""How a vendor delivers its callbacks: a table per kind of them in its `delivery.toml`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from emulator.spec.action import Provenance
from emulator.spec.decode import decode_provenance
from emulator.spec.document import Table, read


@dataclass(frozen=True, slots=True)
class DeliverySpec:
    """How long an answer is waited for, when an attempt is made again, and what each one says.

    `is_signed_anew` where each attempt has a signature of its own moment.
    """

    timeout_seconds: float
    retry_delays_seconds: tuple[float, ...]
    user_agent: str
    is_signed_anew: bool
    provenance: Provenance


def decode_deliveries(path: Path) -> Mapping[str, DeliverySpec]:
    """Read the file; raises DocumentError with file, key and what was expected."""
    table = read(path, f"{path.parent.name}/{path.name}")
    of_file = decode_provenance(table, None)
    deliveries = {name: _delivery(each, of_file) for name, each in table.named_tables("of")}
    table.close()
    return deliveries


def _delivery(table: Table, of_file: Provenance) -> DeliverySpec:
    number = (int, float)
    delays: list[object] = table.take("retry_delays_seconds", list)
    if not all(isinstance(each, number) for each in delays):
        raise table.error("'retry_delays_seconds' must be a list of numbers")
    found = DeliverySpec(
        timeout_seconds=table.take("timeout_seconds", number),
        retry_delays_seconds=tuple(each for each in delays if isinstance(each, number)),
        user_agent=table.take("user_agent", str),
        is_signed_anew=table.take("is_signed_anew", bool),
        provenance=decode_provenance(table, of_file),
    )
    table.close()
    return found
