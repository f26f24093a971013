"""Someone who uses an application: asks it without a server between."""

import json
from io import BytesIO
from typing import TYPE_CHECKING, Any, NamedTuple
from wsgiref.util import setup_testing_defaults

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication


class Answer(NamedTuple):
    status: int
    body: bytes

    @property
    def content(self) -> Any:
        return json.loads(self.body)


class Visitor:
    def __init__(self, application: "WSGIApplication") -> None:
        self._application = application

    def ask(self, method: str, path: str, content: object = None) -> Answer:
        body = b"" if content is None else json.dumps(content).encode()
        environ = {
            "REQUEST_METHOD": method,
            "PATH_INFO": path,
            "CONTENT_LENGTH": str(len(body)),
            "wsgi.input": BytesIO(body),
        }
        setup_testing_defaults(environ)
        started: list[str] = []

        def start_response(status: str, headers: object, error: object = None) -> Any:
            started.append(status)

        chunks = b"".join(self._application(environ, start_response))
        return Answer(int(started[0].split()[0]), chunks)
