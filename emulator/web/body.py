"""The JSON bodies of requests to the administration."""

from typing import Any

from starlette.requests import Request

from emulator.spec import jsontext
from emulator.web.problem import AdminError


async def read(request: Request, known: tuple[str, ...]) -> dict[str, Any]:
    """Return the request's JSON object; an empty body is an empty one."""
    body = await request.body()
    try:
        content = jsontext.decode(body) if body.strip() else {}
    except ValueError as error:
        raise AdminError(400, "Not JSON", str(error)) from None
    if not isinstance(content, dict) or not content.keys() <= set(known):
        raise AdminError(
            400, "Not what was expected", f"expected an object with {', '.join(known)}"
        )
    return content
