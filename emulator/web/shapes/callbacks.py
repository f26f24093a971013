"""Callbacks, and what the built-in receiver got."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from emulator.model.callback import DeliveryState
from emulator.spec.jsontext import Limits, Shape
from emulator.web.shapes.clock import Moment


class CallbacksQuery(Shape):
    """Of the callbacks that fit, those with a number above `after`, and the newest `limit`."""

    vendor: str = ""
    event: str = ""
    task: str = ""
    state: Literal["", "pending", "delivered", "given up", "lost"] = ""
    after: Annotated[int, Limits(ge=0)] = 0
    limit: Annotated[int, Limits(ge=1, le=10_000)] = 100


class AttemptShown(Shape):
    """One try; `status` 0 means that no answer came, and `problem` says why.

    `milliseconds` are of real time, whatever clock `at` is of, from the request to its answer.
    `request` is the first line of what was sent, and `headers` are all of it in their order; they
    are empty where nothing was sent. `address` is the one that was connected to, `answer` the
    beginning of the answer's body. `body` is what was sent, which the vendor may sign anew.
    """

    number: int
    at: Moment
    status: int
    problem: str
    milliseconds: float = 0
    address: str = ""
    request: str = ""
    headers: Sequence[tuple[str, str]] = ()
    body: str = ""
    answer: str = ""


class CallbackShown(Shape):
    """A callback as it was first told, and its attempts; `content` is its body where that is JSON.

    `fault` says what a rule made of it, "" where none did.
    """

    number: int
    id: str
    vendor: str
    event: str
    task: str
    url: str
    headers: Mapping[str, str]
    body: str
    content: Any
    state: DeliveryState
    created_at: Moment
    attempts: Sequence[AttemptShown]
    fault: str = ""


class Callbacks(Shape):
    callbacks: Sequence[CallbackShown]


class ReceiptShown(Shape):
    path: str
    headers: Mapping[str, str]
    body: str


class Receipts(Shape):
    """What came to a path of the sink, or to any below it."""

    received: Sequence[ReceiptShown]
