"""The nonces that each access key has used up."""

import hashlib
from collections import OrderedDict
from collections.abc import Sequence
from typing import NamedTuple, Protocol

from emulator.state.log import Log
from emulator.state.part import Turns

# An hour of 25 calls a second; a replay of what is older than that many calls is not noticed.
MOST_OF_A_KEY = 100_000
_LONGEST = 64


class NonceUse(NamedTuple):
    """A nonce that a key used at a Unix time; it is kept for so many seconds."""

    vendor: str
    key_id: str
    nonce: str
    at: float
    keep_seconds: float


class Nonces(Protocol):
    """The nonces that were used with the keys of a namespace."""

    def is_used(self, use: NonceUse) -> bool:
        """Return whether the key used the nonce in the seconds before for which it is kept."""
        ...

    def use(self, use: NonceUse) -> bool:
        """Use the nonce up; return whether it was not used before."""
        ...


class UsedNonces(Log[NonceUse]):
    """Keeps each nonce as long as a signature with it can be fresh, of each key the newest `most`.

    The keys are apart, so that no caller makes another's nonces forgotten.
    """

    def __init__(self, turns: Turns, name: str, most: int = MOST_OF_A_KEY) -> None:
        super().__init__(turns, name)
        self._most = most
        self._used: dict[tuple[str, str], OrderedDict[str, float]] = {}
        self._keep_seconds: dict[str, float] = {}

    def is_used(self, use: NonceUse) -> bool:
        used = self._used.get((use.vendor, use.key_id))
        used_at = used.get(_short(use.nonce)) if used else None
        return used_at is not None and use.at - used_at <= use.keep_seconds

    def use(self, use: NonceUse) -> bool:
        if self.is_used(use):
            return False
        short = _short(use.nonce)
        self.add(use if short is use.nonce else use._replace(nonce=short))
        return True

    def items(self) -> Sequence[NonceUse]:
        return [
            NonceUse(vendor, key_id, nonce, at, self._keep_seconds[vendor])
            for (vendor, key_id), used in self._used.items()
            for nonce, at in used.items()
        ]

    def _clear(self) -> None:
        self._used.clear()

    def _take(self, item: NonceUse) -> None:
        used = self._used.get((item.vendor, item.key_id))
        if used is None:
            used = self._used[item.vendor, item.key_id] = OrderedDict()
        while used:
            oldest, used_at = next(iter(used.items()))
            if item.at - used_at <= item.keep_seconds and len(used) < self._most:
                break
            del used[oldest]
        used[item.nonce] = item.at
        self._keep_seconds[item.vendor] = item.keep_seconds


def _short(nonce: str) -> str:
    """Return a nonce as it is, or its hash where it is longer than any SDK's."""
    if len(nonce) <= _LONGEST:
        return nonce
    return f"SHA-256 {hashlib.sha256(nonce.encode()).hexdigest()}"
