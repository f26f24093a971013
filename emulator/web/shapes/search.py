"""What is looked for among calls and callbacks. In a filter "" stands for any."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from emulator.spec.jsontext import Limits, Shape
from emulator.web.shapes.callbacks import CallbackShown
from emulator.web.shapes.requests import Limit, Number, RequestShown

MAX_WAIT_SECONDS = 60
Patience = Annotated[float, Limits(ge=0, le=MAX_WAIT_SECONDS)]


class MissShown(Shape):
    """A field that is not as wanted; `got` is null where it is absent."""

    field: str
    expected: Any
    got: Any


class RequestSearch(Shape):
    """What is looked for, until there are `at_least` so many, for `timeout_seconds` at most.

    `parameters` are by their names, or by dotted paths; of an object, what is named is compared.
    """

    vendor: str = ""
    product: str = ""
    action: str = ""
    verdict: Literal["", "accepted", "refused"] = ""
    code: str = ""
    request_id: str = ""
    access_key_id: str = ""
    parameters: Mapping[str, Any] = {}
    after: Number = 0
    at_least: Limit = 1
    timeout_seconds: Patience = 0


class NearRequest(Shape):
    request: RequestShown
    misses: Sequence[MissShown]


class RequestsFound(Shape):
    """All that match are counted, and the newest 100 shown; `nearest` are there if too few do."""

    is_met: bool
    count: int
    requests: Sequence[RequestShown]
    nearest: Sequence[NearRequest]


class CallbackSearch(Shape):
    """What is looked for, as with requests; `content` is what the body says, where it is JSON."""

    id: str = ""
    vendor: str = ""
    event: str = ""
    task: str = ""
    url: str = ""
    state: Literal["", "pending", "delivered", "given up", "lost"] = ""
    content: Mapping[str, Any] = {}
    after: Number = 0
    at_least: Limit = 1
    timeout_seconds: Patience = 0


class NearCallback(Shape):
    callback: CallbackShown
    misses: Sequence[MissShown]


class CallbacksFound(Shape):
    is_met: bool
    count: int
    callbacks: Sequence[CallbackShown]
    nearest: Sequence[NearCallback]
