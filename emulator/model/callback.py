"""Callbacks: what a vendor tells its customer's server, and how often it tries."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from emulator.model.taskkey import TaskKey
from emulator.spec.delivery import DeliverySpec
from emulator.spec.password import Url


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """How a vendor delivers: how long it waits, and when it tries again, in seconds.

    Only HTTP 200 is success, at every vendor; each delay counts from the attempt before it.
    `is_signed_anew` where each attempt has a signature of its own moment.
    """

    timeout_seconds: float
    retry_delays_seconds: tuple[float, ...]
    user_agent: str = ""
    is_signed_anew: bool = False


def rules_of(spec: DeliverySpec) -> DeliveryRules:
    return DeliveryRules(
        spec.timeout_seconds, spec.retry_delays_seconds, spec.user_agent, spec.is_signed_anew
    )


@dataclass(frozen=True, slots=True)
class Callback:
    """One message to one URL, as it is first told; `id` and event are the same on every attempt.

    `task` is the one that it tells of, whatever it says.
    """

    id: str
    vendor: str
    event: str
    task_id: str
    url: Url
    headers: tuple[tuple[str, str], ...]
    body: bytes
    rules: DeliveryRules
    created_at: datetime
    task: TaskKey | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try; `status` 0 means that no answer came, and `problem` says why.

    What is tried again `by_hand` is not one of the vendor's own tries. `seconds` are real time,
    from the request until the answer came or the patience ended; 0 where it was not sent.
    `head` is the request as it was sent to `address`, but for its body and a password; `body` is
    None where that was the callback's own. `answer` is the beginning of what was answered.
    """

    number: int
    at: datetime
    status: int
    problem: str = ""
    by_hand: bool = False
    seconds: float = 0
    head: str = ""
    address: str = ""
    answer: bytes = b""
    body: bytes | None = None


class DeliveryState(StrEnum):
    PENDING = "pending"
    DELIVERED = "delivered"
    GIVEN_UP = "given up"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Delivery:
    """A callback with its attempts so far; `number` rises by one within a namespace, from 1.

    `fault` is the word of what a rule made of it, "" where none did; several have commas between.
    """

    callback: Callback
    number: int = 0
    attempts: tuple[Attempt, ...] = ()
    state: DeliveryState = DeliveryState.PENDING
    fault: str = ""

    @property
    def has_been_tried(self) -> bool:
        """Whether the vendor has tried; what was sent by hand does not count."""
        return not all(attempt.by_hand for attempt in self.attempts)
