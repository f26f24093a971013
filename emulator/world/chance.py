"""Chance: the only place that throws dice, and the same way for the same seed."""

from hashlib import blake2b
from math import cos, exp, log, sqrt, tau
from random import SystemRandom

# In the digit of a UUID where its variant stands, only the last two bits are free (RFC 9562, 4.1).
_VARIANT = {f"{digit:x}": f"{8 | digit & 3:x}" for digit in range(16)}
_BLOCK_BITS = 512
# A number below n is what remains of one with so many bits more than n has. No number then comes
# more often than another by more than one part in 2 ** 64, which no test could tell from none.
_SPARE_BITS = 64
# A float has so many bits between 0 and 1, evenly spread.
_FRACTION_BITS = 53


class SeededChance:
    """Ids and odds; the same seed and the same questions give the same answers.

    Block i of random bits is the BLAKE2b hash of the seed and i. Each answer takes whole blocks, so
    that the state is the seed and the number of blocks taken, and making one costs next to nothing.
    """

    __slots__ = ("blocks_taken", "seed")

    def __init__(self, seed: int | str, blocks_taken: int = 0) -> None:
        self.seed = str(seed)
        self.blocks_taken = blocks_taken

    def uuid(self) -> str:
        """Return a lower-case UUID of version 4."""
        free = self._block().hex()
        variant = _VARIANT[free[16]]
        return f"{free[:8]}-{free[8:12]}-4{free[13:16]}-{variant}{free[17:20]}-{free[20:32]}"

    def hex(self, digits: int) -> str:
        text = ""
        while len(text) < digits:
            text += self._block().hex()
        return text[:digits]

    def text(self, alphabet: str, length: int) -> str:
        """Return letters of the alphabet, each by itself: the digits of one number."""
        letters, rest = [], self._below(len(alphabet) ** length)
        for _ in range(length):
            rest, digit = divmod(rest, len(alphabet))
            letters.append(alphabet[digit])
        return "".join(letters)

    def between(self, lowest: int, highest: int) -> int:
        """Return a whole number from the lowest to the highest, both included."""
        return lowest + self._below(highest - lowest + 1)

    def happens(self, probability: float) -> bool:
        """Return True with this probability: always at 1, never at 0."""
        return self._fraction() < probability

    def evenly(self, lowest: float, highest: float) -> float:
        return lowest + (highest - lowest) * self._fraction()

    def lognormally(self, median: float, sigma: float) -> float:
        """Return a number whose logarithm is spread normally (by Box and Muller's method)."""
        radius = sqrt(-2 * log(1 - self._fraction()))
        return median * exp(sigma * radius * cos(tau * self._fraction()))

    def _fraction(self) -> float:
        """Return a number from 0 up to, but not, 1."""
        return float(self._bits(_FRACTION_BITS) / (1 << _FRACTION_BITS))

    def _below(self, end: int) -> int:
        return self._bits(end.bit_length() + _SPARE_BITS) % end

    def _bits(self, number: int) -> int:
        """Return a number of so many bits, each 0 or 1 by chance."""
        block, surplus = self._block(), _BLOCK_BITS - number
        while surplus < 0:
            block += self._block()
            surplus += _BLOCK_BITS
        return int.from_bytes(block) >> surplus

    def _block(self) -> bytes:
        block = blake2b(f"{self.seed}/{self.blocks_taken}".encode())
        self.blocks_taken += 1
        return block.digest()


def fresh_seed() -> int:
    """Return a seed nobody chose, short enough to be typed again."""
    return SystemRandom().randrange(1, 1_000_000_000)


def fresh_name() -> str:
    """Return a name that nothing else has."""
    return f"ns-{SystemRandom().getrandbits(48):012x}"


def fresh_secret() -> str:
    return f"{SystemRandom().getrandbits(160):040x}"
