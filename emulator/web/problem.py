"""Refusals of our own, as RFC 9457 problem documents; never a vendor's envelope."""

from starlette.responses import JSONResponse


class AdminError(Exception):
    """What is wrong with a request to the administration, and what was expected."""

    def __init__(self, status: int, title: str, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.title = title
        self.detail = detail


def document(problem: AdminError) -> JSONResponse:
    content = {
        "type": "about:blank",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.detail,
    }
    return JSONResponse(content, problem.status, media_type="application/problem+json")
