"""What goes wrong with a callback: whether it is sent, when, how often, and what it says."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from operator import attrgetter
from typing import NamedTuple

from emulator.engine.faults import Faults
from emulator.engine.kinds import Kinds
from emulator.engine.occasion import Occasion
from emulator.engine.signing import Signing
from emulator.model.callback import Callback, Delivery, DeliveryState
from emulator.model.event import Due, Held
from emulator.model.fault import (
    WORDS,
    BadSignature,
    CallbackFault,
    Doubled,
    ExpiredSignature,
    Fault,
    Late,
    Lost,
    OldKey,
    Outage,
    Reordered,
    SignatureFault,
    Silent,
    Stray,
    WrongContentType,
)
from emulator.model.task import Task
from emulator.world.chance import SeededChance
from emulator.world.namespace import Namespace

_NOBODYS_KEY = "not the key"
_SHAPES = ("0123456789", "abcdef", "ghijklmnopqrstuv", "wxyz", "ABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Fate(NamedTuple):
    """What becomes of a callback that is due, and the copies of it that follow."""

    delivery: Delivery
    is_tried: bool
    copies: Sequence[tuple[datetime, Delivery]] = ()


class Misdelivery:
    """Asks the rules of a namespace about its callbacks, and holds those that are not to be sent:
    some until their rule lets them go, and one until another one was sent.
    """

    def __init__(
        self,
        namespace: Namespace,
        kinds: Kinds,
        faults: Faults,
        signing: Signing,
    ) -> None:
        self._namespace = namespace
        self._state = namespace.state
        self._held = namespace.state.held
        self._kinds = kinds
        self._faults = faults
        self._signing = signing

    @property
    def is_possible(self) -> bool:
        return self._faults.are_there

    def befall(self, delivery: Delivery, due: Due) -> Fate:
        """Return what becomes of a delivery that is due; a fault strikes its first attempt only.

        An outage has whatever is due wait for its end.
        """
        callback, now = delivery.callback, self._namespace.clock.now()
        task = self._state.tasks.get(callback.task) if callback.task else None
        occasion = _occasion(self._kinds, callback, task)
        if outage := next(self._faults.strikes(Outage, occasion, now), None):
            self._hold(Held(outage.rule, due))
            return Fate(_marked(delivery, (outage.fault,)), False)
        if delivery.has_been_tried or due.is_settled:
            return Fate(delivery, True)
        if task and task.is_silent:
            return Fate(replace(_marked(delivery, (Silent(),)), state=DeliveryState.LOST), False)
        return self._struck(delivery, task, occasion, now)

    def _struck(
        self, delivery: Delivery, task: Task | None, occasion: Occasion, now: datetime
    ) -> Fate:
        can = self._able(delivery.callback, task)
        strikes = tuple(self._faults.strikes(CallbackFault, occasion, now, can))
        faults = [strike.fault for strike in strikes]
        told = delivery.callback
        for fault in faults:
            told = self._retold(told, fault, task)
        delivery = replace(_marked(delivery, faults), callback=told)
        if any(isinstance(fault, Lost) for fault in faults):
            return Fate(replace(delivery, state=DeliveryState.LOST), False)
        due, due_at = Due(told.id, is_settled=True), now
        for strike in strikes:
            if isinstance(strike.fault, Late):
                due_at += timedelta(seconds=strike.fault.seconds)
        copies = tuple(_copies(delivery, faults, due_at))
        if due_at > now:
            self._state.timeline.add(due_at, due)
            return Fate(delivery, False, copies)
        for strike in strikes:
            if isinstance(strike.fault, Reordered) and self._kept_back() is None:
                self._hold(Held(strike.rule, due, is_back=True))
                return Fate(delivery, False, copies)
        return Fate(delivery, True, copies)

    def let_follow(self) -> Due | None:
        """Return what was kept back until another one was sent, which has just been."""
        kept_back = self._kept_back()
        if kept_back is None:
            return None
        self._held.remove(kept_back.due.callback_id)
        return kept_back.due

    def let_go(self, rule: str) -> Sequence[Due]:
        """Return what the rule held or kept back, in the order in which it was due."""
        held = [each for each in self._held.values() if each.rule == rule]
        for each in held:
            self._held.remove(each.due.callback_id)
        held.sort(key=attrgetter("is_back"))
        return [each.due for each in held]

    def _kept_back(self) -> Held | None:
        return next((each for each in self._held.values() if each.is_back), None)

    def _hold(self, held: Held) -> None:
        self._held.put(held.due.callback_id, held)

    def _able(self, callback: Callback, task: Task | None) -> Callable[[CallbackFault], bool]:
        """Return which faults the callback can have."""
        if task is None:
            return lambda fault: not isinstance(fault, SignatureFault | Stray)
        retelling = self._kinds.vendors[task.kind].retelling
        is_signed = retelling.signed(callback, "", 0) is not None
        return lambda fault: is_signed or not isinstance(fault, SignatureFault)

    def _retold(self, told: Callback, fault: CallbackFault, task: Task | None) -> Callback:
        """Return what the callback says with the fault."""
        if isinstance(fault, WrongContentType):
            others = (each for each in told.headers if each[0] != "content-type")
            return replace(told, headers=(("content-type", fault.content_type), *others))
        if task is None:
            return told
        retelling, seconds_before = self._kinds.vendors[task.kind].retelling, 0
        match fault:
            case BadSignature():
                key = _NOBODYS_KEY
            case OldKey(old_key):
                key = old_key
            case ExpiredSignature(seconds):
                key, seconds_before = self._signing.key(task, told), round(seconds)
            case Stray():
                key, told = (
                    self._signing.key(task, told),
                    retelling.about(told, _stray_id(told)),
                )
            case _:
                return told
        return retelling.signed(told, key, seconds_before) or told


def _occasion(kinds: Kinds, callback: Callback, task: Task | None) -> Occasion:
    if task is None:
        return Occasion(vendor=callback.vendor, event=callback.event)
    return kinds.occasion(task, callback.event)


def _marked(delivery: Delivery, faults: Sequence[Fault]) -> Delivery:
    words = (delivery.fault, *(WORDS[type(fault)] for fault in faults))
    return replace(delivery, fault=", ".join(word for word in words if word))


def _copies(
    delivery: Delivery, faults: Sequence[CallbackFault], due_at: datetime
) -> Sequence[tuple[datetime, Delivery]]:
    """Return the copies with their moments: each is a delivery of its own, tried on its own."""
    callback = delivery.callback
    delays = [
        number * fault.apart_seconds
        for fault in faults
        if isinstance(fault, Doubled)
        for number in range(1, fault.copies)
    ]
    return [
        (
            due_at + timedelta(seconds=seconds),
            replace(delivery, callback=replace(callback, id=f"{callback.id}-{number}")),
        )
        for number, seconds in enumerate(delays, 2)
    ]


def _stray_id(callback: Callback) -> str:
    """Return an id that looks like the task's and is none, the same for the same callback."""
    chance = SeededChance(callback.id)
    shapes = {letter: shape for shape in _SHAPES for letter in shape}
    stray = "".join(
        chance.text(shapes[letter], 1) if letter in shapes else letter
        for letter in callback.task_id
    )
    return stray if stray != callback.task_id else f"{stray}0"
