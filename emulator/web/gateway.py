"""The vendors' side of the port: ASGI in, a vendor's answer out."""

from starlette.types import Receive, Scope, Send

from emulator.engine.pipeline import Pipeline
from emulator.engine.recognition import recognise
from emulator.model.http import Headers, Request, Response, parse_fields
from emulator.spec import jsontext

# Tencent's POST limit for v3 is the largest that any of the vendors documents.
MAX_BODY_BYTES = 10 * 1024 * 1024
_FORM = "application/x-www-form-urlencoded"


class Gateway:
    """Reads a request, lets the vendor it is for answer it, and sends the answer."""

    def __init__(self, pipeline: Pipeline) -> None:
        self._pipeline = pipeline

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body = await _read_body(receive)
        if body is None:
            return
        request = _request(scope, body)
        vendor = recognise(self._pipeline.emulation.vendors, request)
        if vendor is None:
            await _send(send, _nobody(request))
        else:
            await _send(send, await self._pipeline.answer(vendor, request))


async def _read_body(receive: Receive) -> bytes | None:
    """Return the body, or its beginning where it is too long, or None when the client left."""
    message = await receive()
    if message["type"] == "http.disconnect":
        return None
    body: bytes = message.get("body", b"")
    if not message.get("more_body"):
        return body
    chunks, size = [body], len(body)
    while message.get("more_body") and size <= MAX_BODY_BYTES:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunks.append(message.get("body", b""))
        size += len(chunks[-1])
    return b"".join(chunks)


def _request(scope: Scope, body: bytes) -> Request:
    query: bytes = scope["query_string"]
    headers = Headers(scope["headers"])
    is_form = headers.get("content-type").lower().startswith(_FORM)
    return Request(
        method=scope["method"],
        path=scope["raw_path"].decode("latin-1"),
        query=query.decode("latin-1"),
        headers=headers,
        body=body[:MAX_BODY_BYTES],
        is_cut=len(body) > MAX_BODY_BYTES,
        query_fields=parse_fields(query),
        form_fields=parse_fields(body) if is_form else (),
    )


async def _send(send: Send, response: Response) -> None:
    headers = [*response.headers, (b"content-length", b"%d" % len(response.body))]
    await send({"type": "http.response.start", "status": response.status, "headers": headers})
    await send({"type": "http.response.body", "body": response.body})


def _nobody(request: Request) -> Response:
    """Answer a request that no vendor would have got: nothing in it says whom it is for."""
    problem = {
        "type": "about:blank",
        "title": "No vendor recognised",
        "status": 404,
        "detail": (
            f"{request.method} {request.path} bears no vendor's host name, signature or common "
            "parameters. Point an SDK here, or see GET /_emulator/health."
        ),
    }
    body = jsontext.encode(problem)
    return Response(404, body, ((b"content-type", b"application/problem+json"),))
