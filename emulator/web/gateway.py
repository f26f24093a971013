"""The vendors' side of the port: ASGI in, a vendor's answer out."""

from starlette.types import Message, Receive, Scope, Send

from emulator.engine.pipeline import Pipeline
from emulator.engine.recognition import recognition
from emulator.model.http import Headers, Request, Response, received
from emulator.spec import jsontext
from emulator.web.line import SCOPE_KEY, answer

# Tencent's POST limit for v3 is the largest that any of the vendors documents.
MAX_BODY_BYTES = 10 * 1024 * 1024


class Gateway:
    """Reads a request, lets the vendor it is for answer it, and sends the answer.

    Under another listener than ours, which leaves no line, answers go out as ever.
    """

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline
        self._recognise = recognition(pipeline.emulation.vendors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        message = await receive()
        body = message.get("body", b"")
        if message.get("more_body"):
            body, message = await _read_on(receive, body)
        if message["type"] == "http.disconnect":
            return
        request = _request(scope, body)
        vendor = self._recognise(request)
        response = await self._pipeline.answer(vendor, request) if vendor else _nobody(request)
        if response.manner and (line := scope.get(SCOPE_KEY)):
            await answer(response, response.manner, line, send)
            return
        headers = [*response.headers, (b"content-length", b"%d" % len(response.body))]
        await send({"type": "http.response.start", "status": response.status, "headers": headers})
        await send({"type": "http.response.body", "body": response.body})


async def _read_on(receive: Receive, first: bytes) -> tuple[bytes, Message]:
    """Return the body, or its beginning where it is too long, and the message that ended it."""
    chunks, size = [first], len(first)
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
        if not message.get("more_body") or size > MAX_BODY_BYTES:
            return b"".join(chunks), message


def _request(scope: Scope, body: bytes) -> Request:
    return received(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=scope["query_string"],
        headers=Headers(scope["headers"]),
        body=body[:MAX_BODY_BYTES],
        is_cut=len(body) > MAX_BODY_BYTES,
    )


def _nobody(request: Request) -> Response:
    """Answer a request that no vendor would have got: nothing in it says whom it is for."""
    problem = {
        "type": "about:blank",
        "title": "No vendor recognised",
        "status": 404,
        "detail": (
            f"{request.method} {request.path} has no vendor's host name, signature or common "
            "parameters. Point an SDK here, or see GET /_emulator/health."
        ),
    }
    body = jsontext.encode(problem)
    return Response(404, body, ((b"content-type", b"application/problem+json"),))
