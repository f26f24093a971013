"""The nonces that each access key has used up."""

import hashlib
from collections import OrderedDict

# An hour of 25 calls a second; a replay of what is older than that many calls is not noticed.
MOST_OF_A_KEY = 100_000
_LONGEST = 64


class Nonces:
    """Keeps each nonce as long as a signature with it can be fresh, of each key the newest `most`.

    The keys are apart, so that no caller makes another's nonces forgotten.
    """

    def __init__(self, most: int = MOST_OF_A_KEY) -> None:
        self._most = most
        self._used: dict[tuple[str, str], OrderedDict[str, float]] = {}

    def is_used(self, vendor: str, key_id: str, nonce: str, now: float, keep: float) -> bool:
        """Return whether the key used the nonce in the last `keep` seconds."""
        used = self._used.get((vendor, key_id))
        used_at = used.get(_short(nonce)) if used else None
        return used_at is not None and now - used_at <= keep

    def use(self, vendor: str, key_id: str, nonce: str, now: float, keep: float) -> bool:
        """Use the nonce up; return whether the key had not used it in the last `keep` seconds."""
        used = self._used.setdefault((vendor, key_id), OrderedDict())
        while used:
            oldest, used_at = next(iter(used.items()))
            if now - used_at <= keep and len(used) < self._most:
                break
            del used[oldest]
        kept = _short(nonce)
        if kept in used:
            return False
        used[kept] = now
        return True


def _short(nonce: str) -> str:
    """Return a nonce as it is, or its hash where it is longer than any SDK's."""
    if len(nonce) <= _LONGEST:
        return nonce
    return f"SHA-256 {hashlib.sha256(nonce.encode()).hexdigest()}"
