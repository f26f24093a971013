"""Conduct of whoever is called back: what it accepted, and how long it took.

Signatures need no clock. How long an answer took is real time, whatever the namespace's clock does.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from http import HTTPStatus

from emulator.engine.conduct.norm import NEAR, SIGNED_SECONDS, Finding, found
from emulator.engine.conduct.observation import words
from emulator.engine.delivery import SUCCESS
from emulator.model.callback import Attempt, Delivery

# A key that was set before may be accepted for a while, and is not held against anybody.
_OLD_KEY = "callback-old-key"
_SPOILED: Mapping[str, tuple[str, str]] = {
    "callback-bad-signature": ("bad-signature-accepted", "whose signature was wrong"),
    "callback-expired-signature": ("expired-signature-accepted", "that was signed long ago"),
}
_REFUSING = 4
# These do not say that anything is wrong with the request.
_NOT_NOW = (HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.TOO_MANY_REQUESTS)


def findings(deliveries: Sequence[Delivery]) -> Iterator[Finding]:
    for delivery in deliveries:
        yield from _accepted(delivery)
        yield from _refused(delivery)
        yield from _slow(delivery)


def _accepted(delivery: Delivery) -> Iterator[Finding]:
    if any(attempt.status == SUCCESS for attempt in delivery.attempts):
        for word in words(delivery.fault) & _SPOILED.keys():
            rule, how = _SPOILED[word]
            sentence = f"{_named(delivery)} {how}, was answered {SUCCESS}"
            yield found(rule, sentence, (delivery.callback.id,))


def _refused(delivery: Delivery) -> Iterator[Finding]:
    """Yield what is to be said where a callback was refused that nobody had spoiled."""
    since = delivery.callback.created_at
    refusals = [attempt for attempt in delivery.attempts if _is_refusal(attempt, since)]
    struck = words(delivery.fault)
    if not refusals or struck & _SPOILED.keys():
        return
    is_old = _OLD_KEY in struck
    how = "signed with the key before" if is_old else "with whose signature nothing was wrong"
    rule = "old-key-refused" if is_old else "callback-refused"
    yield _took(rule, delivery, refusals, f"{how}, was answered {refusals[-1].status}")


def _is_refusal(attempt: Attempt, since: datetime) -> bool:
    """Return whether it was refused while it was rightly signed, which it is for a while."""
    is_refused = attempt.status // 100 == _REFUSING and attempt.status not in _NOT_NOW
    return is_refused and (attempt.at - since).total_seconds() < SIGNED_SECONDS


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
