"""Operations that last: each ends with the caller who waits for it, and with its namespace."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect, Request

from emulator.engine.agenda import Agenda
from emulator.web.problem import AdminError

T = TypeVar("T")

ENDED = "the namespace was deleted or reset before this was done"


class LeftError(Exception):
    """The caller hung up; nobody reads an answer."""


async def lasting(
    work: Coroutine[Any, Any, T], request: Request, is_read: bool, agenda: Agenda | None
) -> T:
    """Return what work comes to; the caller's leaving and the namespace's end cancel it.

    `is_read` says that the request's body was read. Raises AdminError where the namespace ended,
    and LeftError where the caller left.
    """
    task = asyncio.ensure_future(work)
    leaving = asyncio.ensure_future(_has_left(request, is_read))
    if agenda:
        agenda.attach(task)
    try:
        await asyncio.wait((task, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not task.done() and not leaving.result():
            await asyncio.wait((task,))
    finally:
        leaving.cancel()
        task.cancel()
    if not task.done():
        await asyncio.wait((task,))
        raise LeftError
    if task.cancelled():
        raise AdminError(409, "The namespace has ended", ENDED)
    return task.result()


async def _has_left(request: Request, is_read: bool) -> bool:
    """Wait until the caller hangs up; return False where the server cannot tell.

    A server that goes on after the body's end with anything but a disconnect does not tell.
    """
    try:
        if not is_read:
            async for _ in request.stream():
                pass
    except ClientDisconnect:
        return True
    message = await request.receive()
    return bool(message["type"] == "http.disconnect")
