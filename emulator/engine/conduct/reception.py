"""Conduct of whoever is called back: what it accepted, and how long it took.

Signatures need no clock. How long an answer took is real time, whatever the namespace's clock does.
"""

from collections.abc import Iterator, Mapping, Sequence

from emulator.engine.conduct.norm import NEAR, Finding, found
from emulator.engine.conduct.observation import words
from emulator.engine.delivery import SUCCESS
from emulator.model.callback import Attempt, Delivery

# A key that was set before may be accepted for a while, and is not held against anybody.
_SPOILED: Mapping[str, tuple[str, str]] = {
    "callback-bad-signature": ("bad-signature-accepted", "whose signature was wrong"),
    "callback-expired-signature": ("expired-signature-accepted", "that was signed long ago"),
}


def findings(deliveries: Sequence[Delivery]) -> Iterator[Finding]:
    for delivery in deliveries:
        yield from _accepted(delivery)
        yield from _slow(delivery)


def _accepted(delivery: Delivery) -> Iterator[Finding]:
    if any(attempt.status == SUCCESS for attempt in delivery.attempts):
        for word in words(delivery.fault) & _SPOILED.keys():
            rule, how = _SPOILED[word]
            sentence = f"{_named(delivery)} {how}, was answered {SUCCESS}"
            yield found(rule, sentence, (delivery.callback.id,))


def _slow(delivery: Delivery) -> Iterator[Finding]:
    limit = delivery.callback.rules.timeout_seconds
    late = [each for each in delivery.attempts if not each.status and each.seconds >= limit]
    slow = [each for each in delivery.attempts if each.status and each.seconds >= NEAR * limit]
    if late:
        yield _took("callback-too-late", delivery, late, f"was not answered within {limit:g} s")
    if slow:
        longest = max(each.seconds for each in slow)
        how = f"was answered after {longest:.3g} s of the {limit:g} s that the vendor waits"
        yield _took("callback-slow", delivery, slow, how)


def _took(rule: str, delivery: Delivery, attempts: Sequence[Attempt], how: str) -> Finding:
    times = f", {len(attempts)} times" if len(attempts) > 1 else ""
    return found(rule, f"{_named(delivery)} {how}{times}", (delivery.callback.id,))


def _named(delivery: Delivery) -> str:
    callback = delivery.callback
    return f"{callback.vendor} {callback.event} of {callback.task_id}"
