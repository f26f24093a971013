"""The journal, and why calls in it were refused."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from emulator.spec.jsontext import Limits, Shape
from emulator.web.shapes.clock import Moment

Verdict = Literal["accepted", "refused"]
Limit = Annotated[int, Limits(ge=1, le=1000)]
Number = Annotated[int, Limits(ge=0)]


class RequestShown(Shape):
    """A call and its answer. Of a refused one, `check` says which check refused it and `why` what
    was wrong. `parameters` are typed, however they were sent; `unread` names those sent that no
    spec knows. `answer` is the body, decoded where it is JSON. Secrets are `***`. `fault` names the
    rules that struck; a call is accepted where it took effect, even if they kept the answer from
    the client.
    """

    number: int
    request_id: str
    at: Moment
    vendor: str
    product: str
    action: str
    access_key_id: str
    method: str
    path: str
    host: str
    verdict: Verdict
    code: str
    message: str
    check: str
    why: str
    status: int
    milliseconds: float
    parameters: Mapping[str, Any]
    unread: Sequence[str]
    answer: Any
    fault: str = ""


class Requests(Shape):
    """The oldest first."""

    requests: Sequence[RequestShown]


class RequestsQuery(Shape):
    """Of those with a greater number than `after`, the newest `limit`."""

    vendor: str = ""
    product: str = ""
    action: str = ""
    verdict: Literal["", "accepted", "refused"] = ""
    code: str = ""
    request_id: str = ""
    access_key_id: str = ""
    after: Number = 0
    limit: Limit = 100


class ViolationShown(Shape):
    """What was broken: a rule of a parameter, and the page that says so."""

    path: str
    rule: str
    limit: Any
    value: str
    source: str
    read_on: str
    evidence: str


class ExplanationShown(Shape):
    """Why a call was refused: `check` is the one that refused it, `mistake` the usual one behind
    that. What was signed is as the server built it; `source` is the page of the code.
    """

    request: RequestShown
    check: str
    mistake: str
    sentence: str
    canonical_request: str
    string_to_sign: str
    signature_sent: str
    source: str
    violations: Sequence[ViolationShown]
