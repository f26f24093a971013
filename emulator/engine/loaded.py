"""A rule that is loaded: what it is asked about, whether its turn has come, and what came of it."""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Generic, NamedTuple, TypeVar

from emulator.model.fault import Fault
from emulator.model.rule import Rule
from emulator.spec.value import Value
from emulator.world.chance import SeededChance

F = TypeVar("F", bound=Fault)
NEVER = 2**63


class Occasion(Value):
    """What a rule is asked about. `parameters` are the call's, or of the call behind the task."""

    vendor: str = ""
    product: str = ""
    action: str = ""
    region: str = ""
    event: str = ""
    parameters: Mapping[str, Any] | None = None


class Strike(NamedTuple, Generic[F]):
    """A fault that strikes: the name of its rule, and the rule's own chance."""

    rule: str
    fault: F
    chance: SeededChance


class Standing(NamedTuple):
    """What came of a rule: how often it fitted, how often it struck, and what is decided.

    It strikes next at the occasion of the number `next_turn`, if that `is_decided`, and never if it
    is None.
    """

    fitted: int = 0
    hits: int = 0
    next_turn: int | None = 1
    is_decided: bool = False


class Loaded:
    """A rule with what came of it.

    On occasions that fit it strikes at its turns, if the dice say so. One throw says at how many
    turns they do not, so that these occasions need only be counted; none is thrown beyond the next
    strike, which may ask the same chance for more.
    """

    def __init__(self, rule: Rule, chance: SeededChance, now: datetime, is_on: bool = True) -> None:
        when = rule.when
        self.rule = rule
        self.loaded_at = now
        self.is_on = is_on
        self.chance = chance
        self._begins_at = self._moment(when.from_seconds or None)
        self._ends_at = self._moment(when.until_seconds)
        self._numbers = sorted({n for n in when.numbers if n % (when.every or 1) == 0})
        self.stand(Standing())

    def stand(self, standing: Standing) -> None:
        """Go on from where the rule stood."""
        self.fitted, self.hits, next_turn, self._is_decided = standing
        self.next_turn = NEVER if next_turn is None else next_turn
        self.is_used_up = 0 < self.rule.when.times <= self.hits

    @property
    def standing(self) -> Standing:
        next_turn = None if self.next_turn == NEVER else self.next_turn
        return Standing(self.fitted, self.hits, next_turn, self._is_decided)

    @property
    def moments(self) -> Sequence[datetime]:
        """Return those at which it becomes live, or is it no more."""
        return [moment for moment in (self._begins_at, self._ends_at) if moment]

    def is_live(self, now: datetime) -> bool:
        """Return whether it may strike at this moment."""
        if not self.is_on or self.is_used_up:
            return False
        if self._begins_at and now < self._begins_at:
            return False
        return self._ends_at is None or now < self._ends_at

    def concerns(self, vendor: str, product: str, action: str) -> bool:
        """Return whether it may strike on some occasion of the action."""
        when = self.rule.when
        named = ((when.vendor, vendor), (when.product, product), (when.action, action))
        return all(wanted in ("", said) for wanted, said in named)

    def strikes(self) -> bool:
        """Return whether it strikes on an occasion that fits while it is live; both are counted."""
        is_struck = not self.quiet()
        self.fitted += 1
        if is_struck:
            self.hits += 1
            self.is_used_up = self.hits == self.rule.when.times
            self.next_turn, self._is_decided = self.fitted + 1, False
        return is_struck

    def quiet(self) -> int:
        """Return on how many occasions it does not strike for sure; 0 if it does on the next."""
        number = self.fitted + 1
        if not self._is_decided:
            self._decide(number)
        return self.next_turn - number

    def _decide(self, number: int) -> None:
        """Find its next strike, from this occasion on."""
        when, self._is_decided, self.next_turn = self.rule.when, True, NEVER
        if not when.probability:
            return
        missed = self.chance.misses(when.probability)
        if when.numbers:
            turn = bisect_left(self._numbers, number) + missed
            if turn < len(self._numbers):
                self.next_turn = self._numbers[turn]
        else:
            every = when.every or 1
            self.next_turn = min((-(-number // every) + missed) * every, NEVER)

    def _moment(self, seconds: float | None) -> datetime | None:
        return self.loaded_at + timedelta(seconds=seconds) if seconds is not None else None
