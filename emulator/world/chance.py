"""Chance: the only place that throws dice, and the same way for the same seed."""

import base64
import struct
from math import log, log1p
from random import Random, SystemRandom

# The version, 4, and the variant stand at fixed places (RFC 9562, section 5.4).
_UUID_FIXED = 4 << 76 | 2 << 62
_UUID_FREE = ~(15 << 76 | 3 << 62)
# The words of the Mersenne Twister, and how many of them are used up.
_STATE = struct.Struct(">625I")
_STATE_VERSION = 3
_ENDLESS = 2**60


class SeededChance:
    """Ids and odds; the same seed and the same questions give the same answers."""

    def __init__(self, seed: int | str) -> None:
        self._random = Random(seed)

    def uuid(self) -> str:
        """Return a lower-case UUID of version 4."""
        bits = self._random.getrandbits(128) & _UUID_FREE | _UUID_FIXED
        digits = bits.to_bytes(16).hex()
        return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"

    def hex(self, digits: int) -> str:
        return f"{self._random.getrandbits(4 * digits):0{digits}x}"

    def text(self, alphabet: str, length: int) -> str:
        return "".join(self._random.choices(alphabet, k=length))

    def between(self, lowest: int, highest: int) -> int:
        return self._random.randint(lowest, highest)

    def misses(self, probability: float) -> int:
        """Return how often what has this probability fails to happen before it does, in one throw.

        Such numbers are spread geometrically; those too great to matter are all the same.
        """
        if probability >= 1:
            return 0
        failures = log(1 - self._random.random()) / log1p(-probability)
        return int(min(failures, _ENDLESS))

    def evenly(self, lowest: float, highest: float) -> float:
        return self._random.uniform(lowest, highest)

    def lognormally(self, median: float, sigma: float) -> float:
        """Return a number whose logarithm is spread normally; its state is the dice's alone."""
        return self._random.lognormvariate(log(median), sigma) if median > 0 else 0.0

    def state(self) -> str:
        """Return, as base64, what the next answers depend on; none of them is a Gaussian one."""
        return base64.b64encode(_STATE.pack(*self._random.getstate()[1])).decode()

    def restore(self, state: str) -> None:
        """Go on from a state; raises ValueError, and changes nothing, where it is none."""
        words = base64.b64decode(state, validate=True)
        if len(words) != _STATE.size:
            raise ValueError(f"expected {_STATE.size} bytes")
        restored = Random(0)
        restored.setstate((_STATE_VERSION, _STATE.unpack(words), None))
        self._random = restored


def fresh_seed() -> int:
    """Return a seed nobody chose, short enough to be typed again."""
    return SystemRandom().randrange(1, 1_000_000_000)


def fresh_name() -> str:
    """Return a name that nothing else has."""
    return f"ns-{SystemRandom().getrandbits(48):012x}"


def fresh_secret() -> str:
    return f"{SystemRandom().getrandbits(160):040x}"
