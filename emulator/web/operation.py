"""Operations: what the administration can be asked, each with its question and answer as types."""

from asyncio import to_thread
from codecs import BOM_UTF8
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from emulator.engine.agenda import Agenda
from emulator.spec import jsontext
from emulator.spec.document import DocumentError, parse
from emulator.spec.jsonreader import Reader
from emulator.spec.jsontext import Shape
from emulator.web.lasting import LeftError, lasting
from emulator.web.problem import AdminError
from emulator.web.server import Server
from emulator.web.streamed import Streamed
from emulator.world.alarm import give_way
from emulator.world.slices import slices

# What is read at once holds others up; only a snapshot, which may be larger, is read as it arrives.
MAX_BODY_BYTES = 16 * 1024 * 1024
MAY_ADMINISTER = "emulator.may_administer"
"""Where the guard says in the scope of a request whether its sender has the token, if need be."""

_NO_CONTENT = 204
_JSON, _TOML = "application/json", "application/toml"


@dataclass(frozen=True, slots=True)
class Asked:
    """One request to an operation: `body` and `query` in their shapes, None where it has none.

    `path` holds what stands for the names in the operation's path, and `base_url` is where the
    asker reached the emulator. `server` is for the few operations of a namespace that touch more.
    `may_administer` is False of who was let in without the token that others need.
    """

    body: Any
    query: Any
    path: Mapping[str, str]
    headers: Mapping[str, str]
    base_url: str
    server: Server
    may_administer: bool = True


Answer = Callable[[Any, Asked], Coroutine[Any, Any, object]]
"""Returns what the operation's `returns` says, or a Response of its own; raises AdminError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """What a method does at a path, in Starlette's notation, below where operations are mounted.

    A `body` is a Shape, a mapping, or `bytes` for whatever is sent; a `query` is a Shape, or
    `dict` for any; None takes none. `returns` is a Shape, `str` or `bytes`, which are no JSON, or
    None for no content. `problems` says when which status is answered, besides those that follow
    from the rest: a request that is not of these types, and what the guard refuses. One that
    `lasts` ends with its caller, and with its namespace. A mapping of more than what is usual is
    read as it arrives.
    """

    method: str
    path: str
    summary: str
    answer: Answer
    body: Any = None
    query: Any = None
    returns: Any = None
    status: int = 200
    problems: Mapping[int, str] = field(default_factory=dict)
    lasts: bool = False
    max_body_bytes: int = MAX_BODY_BYTES


async def perform(
    operation: Operation, subject: object, request: Request, server: Server
) -> Response:
    """Return what the operation answers, asked of the server or of a namespace's agenda."""
    asked = Asked(
        body=await _body(operation, request),
        query=_query(operation, request),
        path=request.path_params,
        headers=request.headers,
        base_url=f"http://{request.url.netloc}",
        server=server,
        may_administer=request.scope.get(MAY_ADMINISTER, False),
    )
    try:
        answer = await _answer(operation, subject, asked, request)
    except LeftError:
        return Response(status_code=_NOBODY_READS)
    if isinstance(answer, Response):
        return answer
    if answer is None:
        return Response(status_code=_NO_CONTENT)
    if isinstance(answer, Shape) and jsontext.is_long(answer, _ITEMS):
        return Streamed(_pieces(answer), media_type=_JSON)
    return Response(jsontext.encode(answer), operation.status, media_type=_JSON)


async def _pieces(answer: Shape) -> AsyncIterator[bytes]:
    async for (piece,) in slices(jsontext.encoded(answer, _ITEMS, consumes=True), 1):
        yield piece


_ITEMS = 500


async def _answer(operation: Operation, subject: object, asked: Asked, request: Request) -> object:
    agenda = subject if isinstance(subject, Agenda) else None
    if agenda:
        await _kept(agenda.turn.ready())
    last = agenda.turn.last if agenda else None
    work = operation.answer(subject, asked)
    if operation.lasts:
        answer = await lasting(work, request, operation.body is not None, agenda)
    else:
        answer = await work
    if agenda:
        await _kept(agenda.turn.committed(since=last))
    return answer


async def _kept(waiting: Awaitable[None]) -> None:
    """Wait for the ledger of a namespace; raises AdminError where it fails."""
    try:
        await waiting
    except Exception as error:
        detail = f"what was asked may not have been done: {error}"
        raise AdminError(503, "The namespace cannot be kept", detail) from error


_NOBODY_READS = 499


async def _body(operation: Operation, request: Request) -> Any:
    """Read the body in its shape; an empty body is an empty object."""
    if operation.body is None:
        return None
    kind = request.headers.get("content-type", _JSON).partition(";")[0].strip().lower()
    if operation.body is bytes:
        return await _received(request)
    if kind not in _KINDS:
        raise AdminError(415, "Not JSON", f"expected a body of {_JSON} or {_TOML}, not {kind!r}")
    try:
        if operation.max_body_bytes > MAX_BODY_BYTES and kind != _TOML:
            return await _read(request, operation.max_body_bytes)
        content = await _received(request)
        # A key of thousands of parts takes tomllib seconds, in which others are answered.
        is_toml = kind == _TOML
        text = await to_thread(_from_toml, content) if is_toml else content.removeprefix(BOM_UTF8)
        return jsontext.read_shape(text or b"{}", operation.body)
    except DocumentError as error:
        raise AdminError(400, "Not TOML", str(error)) from None
    except ValueError as error:
        raise AdminError(400, "Not what was expected", f"body: {error}") from None


# What command-line clients name a body for which nothing was said is JSON all the same.
_KINDS = ("", _JSON, _TOML, "application/x-www-form-urlencoded")


def _from_toml(content: bytes) -> bytes:
    """Return TOML as JSON, so that clients without a TOML library can send files as they are."""
    table = parse(content.decode("utf-8-sig"), "body")
    try:
        return jsontext.encode(table.content)
    except RecursionError:  # a key of many parts is read without recursion
        raise DocumentError("body: is nested too deeply") from None


async def _received(request: Request) -> bytes:
    return b"".join([chunk async for chunk in _chunks(request, MAX_BODY_BYTES)])


async def _read(request: Request, max_bytes: int) -> dict[str, Any]:
    """Read an object as it arrives; raises ValueError."""
    reader = Reader()
    async for chunk in _chunks(request, max_bytes):
        async for (start,) in slices(range(0, len(chunk), _PIECE_BYTES), 1):
            reader.feed(chunk[start : start + _PIECE_BYTES])
        await give_way()
    reader.feed(b"", is_last=True)
    return reader.document


_PIECE_BYTES = 64 * 1024


async def _chunks(request: Request, max_bytes: int) -> AsyncIterator[bytes]:
    too_large = AdminError(413, "Too large", f"a body may be of {max_bytes} bytes")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:_MAX_DIGITS]) > max_bytes:
        raise too_large
    size = 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > max_bytes:
            raise too_large
        yield chunk


_MAX_DIGITS = 20


def _query(operation: Operation, request: Request) -> Any:
    sent = dict(request.query_params)
    if operation.query is dict:
        return sent
    try:
        return jsontext.read_shape(sent, operation.query or _Nothing)
    except ValueError as error:
        raise AdminError(400, "Not what was expected", f"query: {error}") from None


class _Nothing(jsontext.Shape):
    """A query without parameters."""
